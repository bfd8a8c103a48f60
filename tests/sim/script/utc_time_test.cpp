#include "sim/script/traces/utc_time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace sim {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct UtcRow {
  std::string_view text;
  std::int64_t seconds, ns;
};

constexpr UtcRow kGood[] = {
    {"1970-01-01T00:00:00Z", 0, 0},
    {"2000-01-01T00:00:00Z", 946'684'800, 0},
    {"2016-11-17T20:18:04.392014450Z", 1'479'413'884, 392'014'450},
    {"2024-02-29T23:59:59Z", 1'709'251'199, 0},
    {"2024-05-01T12:30:00", 1'714'566'600, 0},
    {"2024-05-01T12:30:00.5Z", 1'714'566'600, 500'000'000},
    {"2024-05-01T12:30:00.1234567899Z", 1'714'566'600, 123'456'789},
    {"2024-05-01T14:30:00+02:00", 1'714'566'600, 0},
    {"2024-05-01T05:00:00-07:30", 1'714'566'600, 0},
    {"2016-12-31T23:59:60Z", 1'483'228'800, 0},
    {"2261-12-31T23:59:59Z", 9'214'646'399, 0},
};

TEST(UtcTime, ReadsDateTimes) {
  for (const auto& [text, seconds, ns] : kGood) {
    EXPECT_EQ(parse_utc_time(text), seconds * kSecond + ns) << text;
  }
}

TEST(UtcTime, ReadsNothingElse) {
  for (const std::string_view text : {"",
                                      "noon",
                                      "2024-05-01",
                                      "2024-05-01T12:30Z",
                                      "2024-05-01 12:30:00Z",
                                      "2024-13-01T12:30:00Z",
                                      "2024-00-01T12:30:00Z",
                                      "2023-02-29T12:30:00Z",
                                      "2024-05-32T12:30:00Z",
                                      "2024-05-01T24:30:00Z",
                                      "2024-05-01T12:60:00Z",
                                      "2024-05-01T12:30:61Z",
                                      "2024-05-01T12:30:00.Z",
                                      "2024-05-01T12:30:00z",
                                      "2024-05-01T12:30:00+2",
                                      "2024-05-01T12:30:00+02:60",
                                      "2024-05-01T12:30:00+15:00",
                                      "2024-05-01T12:30:00Zx",
                                      "-2024-05-01T12:30:00Z",
                                      "1969-12-31T23:59:59Z",
                                      "2262-01-01T00:00:00Z",
                                      "24-05-01T12:30:00Z",
                                      "2024-5-1T12:30:00Z"}) {
    EXPECT_EQ(parse_utc_time(text), std::nullopt) << text;
  }
}

TEST(UtcTime, IsWrittenWithNineDecimals) {
  EXPECT_EQ(format_utc_time(0), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(format_utc_time(1'479'413'884 * kSecond + 392'014'450),
            "2016-11-17T20:18:04.392014450Z");
  for (const auto& [text, seconds, ns] : kGood) {
    EXPECT_EQ(parse_utc_time(format_utc_time(seconds * kSecond + ns)), seconds * kSecond + ns);
  }
}

}  // namespace
}  // namespace sim
