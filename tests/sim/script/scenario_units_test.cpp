#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

#include "sim/script/read/units.h"

namespace sim {
namespace {

using herd::Duration;

struct DurationRow {
  std::string_view text;
  std::int64_t ns;
};

TEST(ParseDuration, GoodOnes) {
  constexpr DurationRow kRows[] = {
      {"0s", 0},
      {"1ns", 1},
      {"250us", 250'000},
      {"20ms", 20'000'000},
      {"5s", 5'000'000'000},
      {"2min", 120'000'000'000},
      {"1h", 3'600'000'000'000},
      {"1.5h", 5'400'000'000'000},
      {"0.000000001s", 1},
      {"0.1s", 100'000'000},
      {"0.3s", 300'000'000},
      {"1.000001ms", 1'000'001},
      {"2.0ns", 2},
      {"007s", 7'000'000'000},
      {"0.000000001min", 60},
      {"9223372036.854775807s", 9'223'372'036'854'775'807},
  };
  for (const auto& [text, ns] : kRows) {
    EXPECT_EQ(parse_duration(text), Duration(ns)) << text;
    EXPECT_EQ(parse_signed_duration(text), Duration(ns)) << text;
  }
}

TEST(ParseDuration, BadOnes) {
  constexpr std::string_view kRows[] = {
      "",
      "s",
      "5",
      "5 s",
      " 5s",
      "5s ",
      "5S",
      "5m",
      ".5s",
      "5.s",
      "1.5.5s",
      "1e3s",
      "0x5s",
      "1,5s",
      "1.5ns",
      "0.1ns",
      "1.0000000001s",
      "9223372036.854775808s",
      "5d",
      "99999999999999999999s",
      "0.0000001us",
  };
  for (const std::string_view text : kRows) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
    EXPECT_EQ(parse_signed_duration(text), std::nullopt) << text;
  }
}

TEST(ParseDuration, SignsOnlyWhereTheyMakeSense) {
  EXPECT_EQ(parse_signed_duration("-20ms"), Duration(-20'000'000));
  EXPECT_EQ(parse_signed_duration("+20ms"), Duration(20'000'000));
  for (const std::string_view text : {"-20ms", "+20ms"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
  for (const std::string_view text : {"--1s", "+-1s", "-", "+"}) {
    EXPECT_EQ(parse_signed_duration(text), std::nullopt) << text;
  }
}

TEST(ParseRate, IsTheTimeBetweenTwo) {
  constexpr DurationRow kRows[] = {
      {"10/s", 100'000'000},    {"600/min", 100'000'000}, {"1/h", 3'600'000'000'000},
      {"0.5/s", 2'000'000'000}, {"3/s", 333'333'333},     {"1000000000/s", 1},
      {"4000000000/s", 0},
  };
  for (const auto& [text, ns] : kRows) EXPECT_EQ(parse_rate(text), Duration(ns)) << text;
}

TEST(ParseRate, BadOnes) {
  for (const std::string_view text : {"", "10", "10/", "/s", "10/sec", "10 /s", "-10/s", "+10/s",
                                      "0/s", "0.0/h", "10/ms", "0.000000001/h"}) {
    EXPECT_EQ(parse_rate(text), std::nullopt) << text;
  }
}

TEST(ParseRatePerS, CountsThoseOfASecond) {
  struct Row {
    std::string_view text;
    double per_s;
  };
  constexpr Row kRows[] = {{"10/s", 10}, {"600/min", 10}, {"36/h", 0.01},
                           {"0/s", 0},   {"0.0/h", 0},    {"0.5/s", 0.5}};
  for (const auto& [text, per_s] : kRows) EXPECT_EQ(parse_rate_per_s(text), per_s) << text;
  for (const std::string_view text : {"", "10", "/s", "-1/s", "1/ms", "1 /s"}) {
    EXPECT_EQ(parse_rate_per_s(text), std::nullopt) << text;
  }
}

TEST(ParseBandwidth, IsBitsASecond) {
  struct Row {
    std::string_view text;
    double bps;
  };
  constexpr Row kRows[] = {{"1bit/s", 1},        {"56kbit/s", 56'000}, {"10mbit/s", 1e7},
                           {"2.5gbit/s", 2.5e9}, {"0.001kbit/s", 1},   {"0bit/s", 0},
                           {"1000gbit/s", 1e12}};
  for (const auto& [text, bps] : kRows) EXPECT_EQ(parse_bandwidth(text), bps) << text;
  for (const std::string_view text : {"", "10", "10mbit", "10Mbit/s", "10mb/s", "10 mbit/s",
                                      "-1bit/s", "+1bit/s", "1mibit/s", "1byte/s", "mbit/s"}) {
    EXPECT_EQ(parse_bandwidth(text), std::nullopt) << text;
  }
}

TEST(ParsePercent, IsTheSameNumberAsTheShare) {
  struct Row {
    std::string_view text;
    double share;
  };
  constexpr Row kRows[] = {{"1%", 0.01},  {"1.1%", 0.011}, {"0.1%", 0.001},
                           {"90%", 0.9},  {"100%", 1},     {"0%", 0},
                           {"29%", 0.29}, {"057%", 0.57},  {"0.000000001%", 1e-11}};
  for (const auto& [text, share] : kRows) EXPECT_EQ(parse_percent(text), share) << text;
  for (const std::string_view text : {"", "%", "1", "1 %", "-1%", "+1%", ".5%", "1%%", "1e1%"}) {
    EXPECT_EQ(parse_percent(text), std::nullopt) << text;
  }
}

TEST(ParseDrift, IsPartsPerBillion) {
  struct Row {
    std::string_view text;
    std::int64_t ppb;
  };
  constexpr Row kRows[] = {
      {"100ppm", 100'000}, {"-100ppm", -100'000}, {"+2ppm", 2'000},          {"0.001ppm", 1},
      {"0.5ppm", 500},     {"-0.25ppm", -250},    {"1.500000000ppm", 1'500}, {"0ppm", 0}};
  for (const auto& [text, ppb] : kRows) EXPECT_EQ(parse_drift_ppb(text), ppb) << text;
  for (const std::string_view text : {"", "1", "ppm", "1 ppm", "1ppb", "--1ppm", "0.0001ppm",
                                      "1.0001ppm", "1e3ppm", "99999999999999999999ppm"}) {
    EXPECT_EQ(parse_drift_ppb(text), std::nullopt) << text;
  }
}

TEST(ParseSpeed, IsMetresASecond) {
  EXPECT_EQ(parse_speed("3m/s"), 3.0);
  EXPECT_EQ(parse_speed("36km/h"), 10.0);
  EXPECT_EQ(parse_speed("0.5m/s"), 0.5);
  EXPECT_EQ(parse_speed("0m/s"), 0.0);
  for (const std::string_view text : {"", "3", "3 m/s", "m/s", "3mph", "-3m/s", "3km/s"}) {
    EXPECT_EQ(parse_speed(text), std::nullopt) << text;
  }
}

TEST(ParseDistance, IsTheSameNumberOfKilometres) {
  struct Row {
    std::string_view text, km;
  };
  constexpr Row kRows[] = {
      {"10km", "10"},
      {"500m", "0.5"},
      {"1m", "0.001"},
      {"1000m", "1"},
      {"12345m", "12.345"},
      {"2500.50m", "2.5005"},
      {"0.1km", "0.1"},
      {"007.10km", "7.1"},
      {"100km", "100"},
      {"0.000000001m", "0.000000000001"},
      {"0m", "0"},
      {"0.0km", "0"},
      {"99999999999999999999km", "99999999999999999999"},
  };
  for (const auto& [text, km] : kRows) EXPECT_EQ(parse_distance_km(text), km) << text;
}

TEST(ParseDistance, IsMetres) {
  EXPECT_EQ(parse_distance_m("10km"), 10'000.0);
  EXPECT_EQ(parse_distance_m("500m"), 500.0);
  EXPECT_EQ(parse_distance_m("0.5m"), 0.5);
  EXPECT_EQ(parse_distance_m("1.5km"), 1'500.0);
  EXPECT_EQ(parse_distance_m("0m"), 0.0);
}

TEST(ParseDistance, BadOnes) {
  for (const std::string_view text : {"", "10", "km", "10 km", "10KM", "10mi", "-1m", "+1m", ".5km",
                                      "5.km", "1e3m", "1,5km", "1.0000000001km", "5m/s"}) {
    EXPECT_EQ(parse_distance_km(text), std::nullopt) << text;
    EXPECT_EQ(parse_distance_m(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sim
