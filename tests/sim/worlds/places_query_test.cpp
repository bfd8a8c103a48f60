#include "sim/worlds/places/places_query.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sim {
namespace {

TEST(PlacesQuery, Table) {
  struct Row {
    std::string_view location;
    double radius_km;
    std::string_view want;  // empty: wrong
  };
  const Row rows[] = {
      {"+34.068930-118.445127", 10, "location=34.068930,-118.445127&radius=10000"},
      {"-90+180", 50, "location=-90,180&radius=50000"},
      {"+00.5+000.5", 0.07, "location=0.5,0.5&radius=70"},
      {"+034.1-0118", 0.0015, "location=34.1,-118&radius=1.5"},
      {"+0-0", 0.1234567, "location=0,-0&radius=123.457"},
      {"+1.12345678987-2.000000000001", 1e-9, "location=1.123456789,-2.000000000&radius=0.001"},
      {"34.0-118.0", 10, ""},
      {"+91-118.0", 10, ""},
      {"+34-118", 0, ""},
      {"+34-118", 50.001, ""},
      {"", 1, ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.location);
    EXPECT_EQ(nearby_query(row.location, row.radius_km).value_or(""), row.want);
  }
}

TEST(PlacesQuery, ALineFullOfDigitsStaysAShortUrl) {
  const std::string location = "+" + std::string(3000, '0') + "1." + std::string(3000, '7') + "+2";
  EXPECT_EQ(nearby_query(location, 1), "location=1.777777777,2&radius=1000");
}

}  // namespace
}  // namespace sim
