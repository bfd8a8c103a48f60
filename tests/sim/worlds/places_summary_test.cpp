#include "sim/worlds/places/places_summary.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

#include "sim/worlds/world/places_status.h"

namespace sim {
namespace {

TEST(PlacesSummary, IsOfAStatusAndResults) {
  struct Row {
    const char* json;
    bool well_formed;
    const char* status;
    std::optional<std::uint64_t> places;
  };
  const Row rows[] = {
      {R"({"status": "OK", "results": [{"name": "x"}, 2]})", true, "OK", 2},
      {R"({"results": [], "status": "ZERO_RESULTS", "more": null})", true, "ZERO_RESULTS", 0},
      {R"({"status": "", "results": []})", true, "", 0},
      {R"({"status": "OK"})", false, "", std::nullopt},
      {R"({"results": []})", false, "", std::nullopt},
      {R"({"status": 5, "results": []})", false, "", std::nullopt},
      {R"({"status": "OK", "results": {}})", false, "", std::nullopt},
      {R"(["status", "results"])", false, "", std::nullopt},
      {R"({"status": "OK", "results": [)", false, "", std::nullopt},
      {R"({"status": "OK", "results": []} x)", false, "", std::nullopt},
      {"", false, "", std::nullopt},
  };
  for (const Row& row : rows) {
    const PlacesSummary summary = summarize_places(row.json);
    EXPECT_EQ(summary.well_formed, row.well_formed) << row.json;
    EXPECT_EQ(summary.status, row.status) << row.json;
    EXPECT_EQ(summary.places, row.places) << row.json;
  }
}

TEST(PlacesSummary, TwoStatusesAreAnswers) {
  EXPECT_TRUE(is_places_answer("OK"));
  EXPECT_TRUE(is_places_answer("ZERO_RESULTS"));
  for (const char* status : {"", "?", "ok", "OVER_QUERY_LIMIT", "UNKNOWN_ERROR"}) {
    EXPECT_FALSE(is_places_answer(status)) << status;
  }
}

}  // namespace
}  // namespace sim
