// Tests CSV traces: their samples, and the messages for wrong files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "sim/script/traces/parse_trace.h"
#include "sim/script/traces/trace_builder.h"
#include "tests/sim/script/trace_test_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::show;
using test::TraceCase;
using testing::ElementsAre;

TEST(CsvTrace, HasClientsInOrderOfFirstAppearance) {
  EXPECT_THAT(show("time_s,client,lat,lon\n"
                   "0,b,1,2\n"
                   "0,a,3,4\n"
                   "1.5,b,1.25,1.75\n"),
              ElementsAre("b: 0.000000 1.000000 2.000000", "b: 1.500000 1.250000 1.750000",
                          "a: 0.000000 3.000000 4.000000"));
}

TEST(CsvTrace, ColumnsComeInAnyOrder) {
  EXPECT_THAT(show("\xEF\xBB\xBFspeed,lon,client,lat,time_s\r\n"
                   "fast,-118.5,\"Smith, \"\"J\"\"\",+34.25,7\r\n"),
              ElementsAre("Smith, \"J\": 7.000000 34.250000 -118.500000"));
}

TEST(CsvTrace, TimesAreExactToTheNanosecond) {
  const auto trace = parse_trace("time_s,client,lat,lon\n31535999.123456789,a,1,2\n");
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->clients[0].samples[0].at, 31'535'999s + 123'456'789ns);
}

TEST(CsvTrace, OneClientMayHaveTwoSamplesAtOneTime) {
  EXPECT_EQ(show("time_s,client,lat,lon\n1,a,1,2\n1,a,3,4\n").size(), 2U);
}

TEST(CsvTrace, Errors) {
  const TraceCase kRows[] = {
      {"empty", "", "1: header: is missing (a header that names time_s, client, lat and lon)"},
      {"no rows", "time_s,client,lat,lon\n",
       "1: trace: has no clients (at least one sample of one client)"},
      {"a column is missing", "time_s,client,lat\n0,a,1\n",
       "1: lon: is missing (a header that names time_s, client, lat and lon)"},
      {"few fields", "time_s,client,lat,lon\n0,a,1,2\n1,a,1\n",
       "3: record: has 3 fields (4, as the header has)"},
      {"time is no number", "time_s,client,lat,lon\nnoon,a,1,2\n",
       "2: time_s: \"noon\" is not a time (seconds since the run's start, from 0 to 31536000)"},
      {"time is negative", "time_s,client,lat,lon\n-1,a,1,2\n",
       "2: time_s: \"-1\" is not a time (seconds since the run's start, from 0 to 31536000)"},
      {"time since 1970", "time_s,client,lat,lon\n1479413884,a,1,2\n",
       "2: time_s: 1479413884 s is out of range (seconds since the run's start, from 0 to "
       "31536000; or \"from\": \"first\" beside the file's name, to begin at its first time)"},
      {"time goes back", "time_s,client,lat,lon\n5,a,1,2\n1,b,1,2\n4,a,1,2\n",
       "4: time_s: goes back from 5 s to 4 s for client \"a\" (times of one client in their "
       "order)"},
      {"no client", "time_s,client,lat,lon\n5,,1,2\n", "2: client: is empty (a client's id)"},
      {"latitude is no number", "time_s,client,lat,lon\n\n5,a,1 ,2\n",
       "3: lat: \"1 \" is not a number (decimal degrees from -90 to 90)"},
      {"latitude is out of range", "time_s,client,lat,lon\n5,a,90.1,2\n",
       "2: lat: \"90.1\" is out of range (decimal degrees from -90 to 90)"},
      {"not a number", "time_s,client,lat,lon\n5,a,nan,2\n",
       "2: lat: \"nan\" is not a number (decimal degrees from -90 to 90)"},
      {"two signs", "time_s,client,lat,lon\n5,a,+-1,2\n",
       "2: lat: \"+-1\" is not a number (decimal degrees from -90 to 90)"},
      {"longitude is out of range", "time_s,client,lat,lon\n5,a,1,-180.5\n",
       "2: lon: \"-180.5\" is out of range (decimal degrees from -180 to 180)"},
      {"an open quote", "time_s,client,lat,lon\n5,a,1,2\n5,\"a,1,2\n",
       "3: record: a quoted field that is never closed"},
      {"an id that is no text", "time_s,client,lat,lon\n5,a,1,2\n5,a\x82,1,2\n",
       "3: client: is not UTF-8 (a client's id in UTF-8)"},
      {"a column twice", "time_s,client,lat,lon,lat\n0,a,34,-118,55\n",
       "1: lat: names two columns (each needed column once)"},
      {"compressed", "\x1F\x8B\x08",
       "1: trace: is compressed (gzip) (the file that gunzip makes of it)"},
  };
  for (const auto& [name, text, want] : kRows) {
    EXPECT_THAT(show(text), ElementsAre(std::string(want))) << name;
  }
}

TEST(CsvTrace, AllErrorsAtOnceButNotThousands) {
  std::string text = "time_s,client,lat,lon\n";
  for (int i = 0; i < 100; ++i) text += "x,a,1,2\n";
  const auto problems = show(text);
  ASSERT_EQ(problems.size(), 21U);
  EXPECT_EQ(problems[19].substr(0, 12), "21: time_s: ");
  EXPECT_EQ(problems[20], "22: trace: has 80 more errors from here on");
}

// A client's disorder is found at the end of the file, and belongs to an early line.
TEST(CsvTrace, EarlyErrorsThatAreFoundLateComeFirst) {
  std::string text = "time_s,client,lat,lon\n1,b,1,2\n0,b,1,2\n2,b,1,2\n";
  for (int i = 0; i < 100; ++i) text += "x,a,1,2\n";
  const auto problems = show(text);
  ASSERT_EQ(problems.size(), 21U);
  EXPECT_EQ(problems[0].substr(0, 11), "3: time_s: ");
  EXPECT_EQ(problems[1].substr(0, 11), "5: time_s: ");
  EXPECT_EQ(problems[20], "24: trace: has 81 more errors from here on");
}

// However many are wrong, no more are kept than the last line needs.
TEST(TraceBuilder, OnlyCountsWhatNobodyWillSee) {
  TraceBuilder builder({"time_s", "lat, lon", "degrees"});
  for (std::size_t i = 0; i <= 20; ++i) {
    EXPECT_FALSE(builder.only_counts(10)) << i;
    builder.report(10 + i, "time_s", "is missing", "a time");
  }
  EXPECT_TRUE(builder.only_counts(30));
  EXPECT_FALSE(builder.only_counts(29));
  builder.report(29, "time_s", "is missing", "a time");
  EXPECT_TRUE(builder.only_counts(29));
  const auto problems = std::move(builder).take(TraceFrom::kRun);
  ASSERT_FALSE(problems);
  ASSERT_EQ(problems.error().size(), 21U);
  EXPECT_EQ(problems.error().back().wrong, "has 4 more errors from here on");
}

TEST(CsvTrace, CountsFromItsFirstTime) {
  constexpr std::string_view kSince1970 =
      "time_s,client,lat,lon\n1479413886,b,1,2\n1479413884.5,a,1,2\n1479413885,a,1,2.01\n";
  EXPECT_THAT(show(kSince1970, TraceFrom::kFirst),
              ElementsAre("b: 1.500000 1.000000 2.000000", "a: 0.000000 1.000000 2.000000",
                          "a: 0.500000 1.000000 2.010000"));
  EXPECT_EQ(show(kSince1970).size(), 3U);  // errors
}

// One wrong sample is named, and not the good ones around it.
TEST(CsvTrace, OneWrongTimeBlamesItself) {
  const auto trace_with = [](std::string_view wrong, int place) {
    std::string text = "time_s,client,lat,lon\n";
    for (int i = 0; i < 30; ++i) {
      const std::string time = i == place ? std::string(wrong) : std::to_string(1000 + i);
      text += time + ",a,34,-118\n";
    }
    return text;
  };
  for (const int place : {0, 1, 15, 29}) {
    const std::string line = std::to_string(place + 2) + ": time_s: ";
    for (const std::string_view wrong : {"0", "999", "500000", "9000000000"}) {
      for (const auto from : {TraceFrom::kRun, TraceFrom::kFirst}) {
        const bool fits =
            (place == 0 && (wrong == "0" || wrong == "999")) || (place == 29 && wrong == "500000");
        const auto problems = show(trace_with(wrong, place), from);
        if (fits) {
          EXPECT_EQ(problems.size(), 30U) << place << ' ' << wrong;
        } else {
          EXPECT_THAT(problems, ElementsAre(testing::StartsWith(line))) << place << ' ' << wrong;
        }
      }
    }
  }
  EXPECT_THAT(show(trace_with("500000", 15)),
              ElementsAre("17: time_s: jumps ahead to 500000 s, and line 18 goes on at 1016 s for "
                          "client \"a\" (times of one client in their order)"));
}

// A clock that goes back for a while is one error, whatever the number of samples.
TEST(CsvTrace, AClockThatGoesBackIsOneError) {
  std::string text = "time_s,client,lat,lon\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(86340 + i) + ",a,34,-118\n";
  for (int i = 0; i < 50; ++i) text += std::to_string(i) + ",a,34,-118\n";
  EXPECT_THAT(
      show(text),
      ElementsAre("62: time_s: goes back from 86399 s to 0 s for client \"a\", and so do its "
                  "next 49 samples (times of one client in their order)"));
}

TEST(CsvTrace, OneWrongPositionBlamesItself) {
  for (const int place : {0, 7, 19}) {
    std::string text = "time_s,client,lat,lon\n";
    for (int i = 0; i < 20; ++i) {
      text += std::to_string(i) + (i == place ? ",a,0,0\n" : ",a,34,-118\n");
    }
    const std::string line = std::to_string(place + 2);
    const std::string other = std::to_string(place == 0 ? 3 : place + 1);
    EXPECT_THAT(show(text), ElementsAre(line + ": lat, lon: moves 12554.5 km in 1 s " +
                                        (place == 0 ? "to" : "from") + " line " + other +
                                        " for client \"a\" (decimal degrees, and at most 100 km a "
                                        "second)"));
  }
}

// Metres of a small place look like degrees, but nobody moves like that.
TEST(CsvTrace, MetresAreRefused) {
  const auto drive = [](double step) {
    std::string text = "time_s,client,lat,lon\n";
    for (int i = 0; i < 60; ++i) {
      text += std::to_string(i) + ",a," + std::to_string(i * step) + ",7\n";
    }
    return text;
  };
  EXPECT_THAT(
      show(drive(1.4)),
      ElementsAre("3: lat, lon: moves 155.673 km in 1 s from line 2 for client \"a\", and so "
                  "do its next 58 samples (decimal degrees, and at most 100 km a second)"));
  EXPECT_EQ(show(drive(0.8)).size(), 60U);  // 89 km a second
}

}  // namespace
}  // namespace sim
