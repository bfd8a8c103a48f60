// Trace files of every format: the samples read from them, and the messages for wrong files.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/random.h"
#include "sim/base/text/read_file.h"
#include "sim/script/spec/limits.h"
#include "sim/script/traces/csv_trace.h"
#include "sim/script/traces/gpx_trace.h"
#include "sim/script/traces/parse_trace.h"
#include "sim/script/traces/trace_builder.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// Returns one line per sample, `client: seconds lat lon`, or one line per problem, `LINE: WHAT:
// wrong (right)`.
std::vector<std::string> show(std::string_view text, std::optional<TraceFrom> from = std::nullopt) {
  const auto trace = parse_trace(text, from);
  std::vector<std::string> out;
  if (!trace) {
    for (const auto& [line, what, wrong, right] : trace.error()) {
      std::string shown = std::to_string(line) + ": ";
      shown += what + ": " + wrong;
      if (!right.empty()) shown += " (" + right + ")";
      out.push_back(shown);
    }
    return out;
  }
  for (const auto& [id, samples] : trace->clients) {
    for (const auto& [at, point] : samples) {
      std::string shown = id + ": " + std::to_string(std::chrono::duration<double>(at).count());
      shown += ' ' + std::to_string(point.lat) + ' ' + std::to_string(point.lon);
      out.push_back(shown);
    }
  }
  return out;
}

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

constexpr std::string_view kSeconds = "seconds since the run's start, from 0 to 31536000";

struct Row {
  std::string_view name, text, want;
};

TEST(CsvTrace, Errors) {
  const Row kRows[] = {
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

TEST(Traces, OtherEncodingsAreNamed) {
  const auto utf16 = [](std::string_view text, bool big, bool mark) {
    std::string out;
    if (mark) out = big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : text) {
      if (big) out += '\0';
      out += c;
      if (!big) out += '\0';
    }
    return out;
  };
  constexpr std::string_view kCsv = "time_s,client,lat,lon\n0,a,34,-118\n";
  for (const bool big : {false, true}) {
    for (const bool mark : {false, true}) {
      EXPECT_THAT(show(utf16(kCsv, big, mark)),
                  ElementsAre(testing::StartsWith(big ? "1: trace: is UTF-16 (big-endian) (UTF-8"
                                                      : "1: trace: is UTF-16 (little-endian) ("
                                                        "UTF-8")));
    }
    // XML in UTF-16 is well-formed.
    EXPECT_THAT(show(utf16("<?xml version=\"1.0\" encoding=\"UTF-16\"?><fcd-export><timestep "
                           "time=\"1\"><vehicle id=\"a\" x=\"2\" y=\"3\"/></timestep></fcd-export>",
                           big, true)),
                ElementsAre("a: 1.000000 3.000000 2.000000"));
  }
}

constexpr std::string_view kGpxHead =
    R"(<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">)"
    "\n";

std::string gpx(std::string_view inside) {
  return std::string(kGpxHead) + std::string(inside) + "</gpx>\n";
}

TEST(GpxTrace, TracksAreClients) {
  EXPECT_THAT(
      show(gpx(R"(
<metadata><time>1999-01-01T00:00:00Z</time></metadata>
<wpt lat="9" lon="9"><name>no client</name><time>1998-01-01T00:00:00Z</time></wpt>
<rte><rtept lat="9" lon="9"/></rte>
<trk><name> Ann &amp; Bob </name>
  <trkseg><trkpt lat="1" lon="2"><ele>5</ele><time>2024-05-01T12:00:10Z</time>
    <name>not the track's</name></trkpt></trkseg>
  <trkseg><trkpt lon="2.01" lat="1.02"><time> 2024-05-01T14:00:10.25+02:00 </time></trkpt></trkseg>
</trk>
<trk><trkseg><trkpt lat="-1" lon="-2"><time>2024-05-01T12:00:00</time></trkpt></trkseg></trk>
<trk><name>nowhere</name></trk>
)")),
      ElementsAre("Ann & Bob: 10.000000 1.000000 2.000000",
                  "Ann & Bob: 10.250000 1.020000 2.010000", ": 0.000000 -1.000000 -2.000000"));
}

TEST(GpxTrace, APrefixIsNoPartOfAName) {
  EXPECT_THAT(show(R"(<g:gpx xmlns:g="http://www.topografix.com/GPX/1/1"><g:trk><g:name>a</g:name>
      <g:trkseg><g:trkpt lat="1" lon="2"><g:time>2024-05-01T12:00:00Z</g:time></g:trkpt>
      </g:trkseg></g:trk></g:gpx>)"),
              ElementsAre("a: 0.000000 1.000000 2.000000"));
}

TEST(GpxTrace, TracksOfOneNameAreTwoClients) {
  const auto trace = parse_trace(
      gpx(R"(<trk><name>a</name><trkseg><trkpt lat="1" lon="2"><time>2024-05-01T12:00:10Z</time>
</trkpt></trkseg></trk><trk><name>a</name><trkseg>
<trkpt lat="3" lon="4"><time>2024-05-01T12:00:00Z</time></trkpt></trkseg></trk>)"));
  ASSERT_TRUE(trace.ok());
  ASSERT_EQ(trace->clients.size(), 2U);
  EXPECT_EQ(trace->find("a"), &trace->clients[0]);
  EXPECT_EQ(trace->find("b"), nullptr);
}

TEST(GpxTrace, Errors) {
  const Row kRows[] = {
      {"no tracks", "<wpt lat=\"1\" lon=\"2\"/>",
       "1: trace: has no clients (at least one sample of one client)"},
      {"no time", "<trk><trkseg>\n<trkpt lat=\"1\" lon=\"2\"/>\n</trkseg></trk>",
       "3: time: is missing (a time of a track point, as <time>2024-05-01T12:30:00Z</time>)"},
      {"bad time",
       "<trk><trkseg><trkpt lat=\"1\" lon=\"2\"><time>noon</time></trkpt></trkseg></trk>",
       "2: time: \"noon\" is not a time (a time of a track point, as "
       "<time>2024-05-01T12:30:00Z</time>)"},
      {"no latitude",
       "<trk><trkseg>\n\n<trkpt "
       "lon=\"2\">\n<time>2024-05-01T12:30:00Z</time></trkpt></trkseg></trk>",
       "4: lat: is missing (decimal degrees from -90 to 90)"},
      {"longitude out of range",
       "<trk><trkseg><trkpt lat=\"1\" lon=\"181\"><time>2024-05-01T12:30:00Z</time></trkpt>"
       "</trkseg></trk>",
       "2: lon: \"181\" is out of range (decimal degrees from -180 to 180)"},
      {"time goes back",
       "<trk><trkseg><trkpt lat=\"1\" lon=\"1\"><time>2024-05-01T12:30:01Z</time></trkpt>\n"
       "<trkpt lat=\"1\" lon=\"1\"><time>2024-05-01T12:30:00Z</time></trkpt></trkseg></trk>",
       "3: time: goes back from 1 s to 0 s for client \"\" (times of one client in their order)"},
      {"a year and more",
       "<trk><trkseg><trkpt lat=\"1\" lon=\"1\"><time>2022-05-01T12:30:01Z</time></trkpt>\n"
       "<trkpt lat=\"1\" lon=\"1\"><time>2023-05-01T12:30:02Z</time></trkpt></trkseg></trk>",
       "3: time: 2023-05-01T12:30:02Z is more than 365 days from most times of the file, which "
       "begin "
       "at 2022-05-01T12:30:01Z (all times of a file within 365 days)"},
  };
  for (const auto& [name, inside, want] : kRows) {
    EXPECT_THAT(show(gpx(inside)), ElementsAre(std::string(want))) << name;
  }
}

TEST(GpxTrace, OtherNamespacesAreLeftOut) {
  constexpr std::string_view kHeads[] = {
      R"(<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:e="urn:e">)",
      R"(<gpx xmlns="http://www.topografix.com/GPX/1/0" xmlns:e="urn:e">)",
      R"(<gpx xmlns:e="urn:e">)",
  };
  for (const std::string_view head : kHeads) {
    EXPECT_THAT(show(std::string(head) + R"(<e:trk><name>no</name></e:trk><trk><e:name>no</e:name>
<name>a</name><trkseg><trkpt e:lat="80" lat="1" lon="2" e:lon="80"><e:time>moving</e:time>
<time>2024-05-01T12:00:00Z</time><e:more><time>never</time></e:more><extensions><e:time>x</e:time>
<e:trkpt lat="5" lon="5"/></extensions></trkpt><e:trkpt lat="7" lon="7"/></trkseg></trk></gpx>)"),
                ElementsAre("a: 0.000000 1.000000 2.000000"));
  }
}

// A logger's first fix has the date on which its clock begins; a receiver that does not know of
// the GPS week's rollover is 1024 weeks behind.
TEST(GpxTrace, OneWrongDateBlamesItself) {
  const auto track = [](std::string_view wrong, int place) {
    std::string inside = "<trk><name>a</name><trkseg>\n";
    for (int i = 0; i < 30; ++i) {
      const std::string good =
          "2024-05-01T12:00:" + std::string(i < 10 ? "0" : "") + std::to_string(i) + "Z";
      inside += "<trkpt lat=\"34\" lon=\"-118\"><time>" + (i == place ? std::string(wrong) : good) +
                "</time></trkpt>\n";
    }
    return gpx(inside + "</trkseg></trk>");
  };
  for (const int place : {0, 13, 29}) {
    for (const std::string_view wrong :
         {"1970-01-01T00:00:00Z", "2004-09-15T12:00:13Z", "2043-12-16T12:00:13Z"}) {
      const std::string first = place == 0 ? "2024-05-01T12:00:01Z" : "2024-05-01T12:00:00Z";
      EXPECT_THAT(
          show(track(wrong, place)),
          ElementsAre(std::to_string(place + 3) + ": time: " + std::string(wrong) +
                      " is more than 365 days from most times of the file, which begin at " +
                      first + " (all times of a file within 365 days)"));
    }
  }
}

TEST(GpxTrace, AlwaysCountsFromItsFirstTime) {
  const std::string text =
      gpx(R"(<trk><trkseg><trkpt lat="1" lon="2"><time>2024-05-01T12:00:10Z</time></trkpt>
</trkseg></trk>)");
  EXPECT_THAT(show(text, TraceFrom::kFirst), ElementsAre(": 0.000000 1.000000 2.000000"));
  EXPECT_THAT(show(text, TraceFrom::kRun),
              ElementsAre("1: time: is a date in GPX, and does not count from the run (\"from\": "
                          "\"first\", which is the default for GPX)"));
}

TEST(FcdTrace, VehiclesAndPersonsAreClients) {
  EXPECT_THAT(show(R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- generated by Eclipse SUMO -->
<fcd-export xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <timestep time="0.00"/>
  <timestep time="1.50">
    <vehicle id="0" x="-118.44" y="34.06" angle="90.00" type="car" speed="1.00" lane="a_0"/>
    <person id="0" x="-118.45" y="34.07" speed="1.00" edge="a"/>
    <container id="c" x="1" y="2"/>
  </timestep>
  <timestep time="2.00"><vehicle id="0" x="-118.43" y="34.06"/></timestep>
</fcd-export>
)"),
              ElementsAre("0: 1.500000 34.060000 -118.440000", "0: 2.000000 34.060000 -118.430000",
                          "0: 1.500000 34.070000 -118.450000", "c: 1.500000 2.000000 1.000000"));
}

TEST(FcdTrace, CountsFromItsFirstTime) {
  constexpr std::string_view kEight = R"(<fcd-export>
<timestep time="28800.00"><vehicle id="v" x="13.3" y="52.5" speed="0.00"/></timestep>
<timestep time="28810.00"><vehicle id="v" x="13.31" y="52.5" speed="0.00"/></timestep></fcd-export>)";
  EXPECT_THAT(show(kEight, TraceFrom::kFirst),
              ElementsAre("v: 0.000000 52.500000 13.300000", "v: 10.000000 52.500000 13.310000"));
  EXPECT_THAT(show(kEight), ElementsAre("v: 28800.000000 52.500000 13.300000",
                                        "v: 28810.000000 52.500000 13.310000"));
}

// Metres in a small network are valid degrees. The movers' own speeds tell them apart, and so does
// the configuration that SUMO writes in front.
TEST(FcdTrace, MetresAreRefused) {
  const auto drive = [](double step, double speed) {
    std::string text = "<fcd-export>\n";
    for (int i = 0; i < 6; ++i) {
      text += "<timestep time=\"" + std::to_string(i) + "\"><vehicle id=\"v\" x=\"" +
              std::to_string(5.1 + i * step) + "\" y=\"48.4\" speed=\"" + std::to_string(speed) +
              "\"/></timestep>\n";
    }
    return text + "</fcd-export>";
  };
  for (const double mps : {0.05, 0.5, 1.3, 13.0}) {
    const auto problems = show(drive(mps, mps));
    ASSERT_EQ(problems.size(), 1U) << mps;
    EXPECT_THAT(problems[0],
                testing::AllOf(testing::StartsWith("3: x, y: would move \"vehicle v\" by"),
                               testing::EndsWith("they are metres (degrees: SUMO writes "
                                                 "them with --fcd-output.geo)")));
  }
  const double degrees = 13.0 / 73'900;  // at that latitude
  EXPECT_EQ(show(drive(degrees, 13)).size(), 6U);
  EXPECT_EQ(show(drive(degrees * 50, 13)).size(), 6U);  // a vehicle that SUMO teleported
  const auto with_header = [&](std::string_view options, double step, double speed = 0) {
    return "<!-- generated by Eclipse SUMO\n<configuration><output>" + std::string(options) +
           "</output></configuration>\n-->\n" + drive(step, speed);
  };
  EXPECT_THAT(
      show(with_header(R"(<fcd-output value="a.xml"/>)", 0)),
      ElementsAre("1: x, y: are metres: the file was written without fcd-output.geo (degrees: "
                  "SUMO writes them with --fcd-output.geo)"));
  EXPECT_THAT(
      show(with_header(R"(<fcd-output value="a.xml"/><fcd-output.geo value="false"/>)", 0)).size(),
      1U);
  EXPECT_EQ(
      show(with_header(R"(<fcd-output value="a.xml"/><fcd-output.geo value="true"/>)", 0.1)).size(),
      6U);
  EXPECT_EQ(show(with_header(R"(<net-file value="a.xml"/>)", 0)).size(), 6U);
  // A network in degrees needs no conversion, and the speeds say that it was one.
  EXPECT_EQ(show(with_header(R"(<fcd-output value="a.xml"/>)", degrees, 13)).size(), 6U);
  EXPECT_EQ(show(with_header(R"(<fcd-output value="a.xml"/>)", 13, 13)).size(), 1U);
}

TEST(FcdTrace, Errors) {
  const auto timestep = [](std::string_view inside) {
    return "<fcd-export>\n<timestep time=\"1\">\n" + std::string(inside) +
           "\n</timestep></fcd-export>";
  };
  EXPECT_THAT(show(timestep(R"(<vehicle id="a" x="1250.3" y="830"/>)")),
              ElementsAre("3: x: \"1250.3\" is out of range (a longitude from -180 to 180: SUMO "
                          "writes them with --fcd-output.geo)",
                          "3: y: \"830\" is out of range (a latitude from -90 to 90: SUMO writes "
                          "them with --fcd-output.geo)"));
  EXPECT_THAT(show(timestep(R"(<vehicle x="1" y="8"/>)")),
              ElementsAre("3: id: is missing (a client's id)"));
  EXPECT_THAT(show(timestep(R"(<vehicle id="a" y="8"/>)")),
              ElementsAre("3: x: is missing (a longitude from -180 to 180: SUMO writes them with "
                          "--fcd-output.geo)"));
  EXPECT_THAT(show("<fcd-export><timestep time=\"0:01\"><vehicle id=\"a\" x=\"1\" y=\"8\"/>"
                   "</timestep></fcd-export>"),
              ElementsAre("1: time: \"0:01\" is not a time (" + std::string(kSeconds) + ")"));
  EXPECT_THAT(show("<fcd-export><timestep/></fcd-export>"),
              ElementsAre("1: time: is missing (" + std::string(kSeconds) + ")"));
  EXPECT_THAT(
      show("<fcd-export>\n<timestep time=\"2\"><vehicle id=\"a\" x=\"1\" y=\"8\"/></timestep>"
           "\n<timestep time=\"1\"><vehicle id=\"a\" x=\"1\" y=\"8\"/></timestep>"
           "</fcd-export>"),
      ElementsAre("3: time: goes back from 2 s to 1 s for client \"a\" (times of one client "
                  "in their order)"));
}

TEST(XmlTrace, Errors) {
  EXPECT_THAT(show("<kml>\n</kml>"),
              ElementsAre("1: trace: is \"kml\" (GPX, \"gpx\", or SUMO's floating car data, "
                          "\"fcd-export\"; or CSV)"));
  EXPECT_THAT(show("<gpx>\n<trk>\n</gpx>"), ElementsAre("3: XML: mismatched tag"));
  EXPECT_THAT(show("<gpx>\n"), ElementsAre("2: XML: no element found"));
  EXPECT_THAT(show("<gpx a=1/>"), ElementsAre("1: XML: not well-formed (invalid token)"));
  EXPECT_THAT(show("<gpx/><gpx/>"), ElementsAre("1: XML: junk after document element"));
}

// Entities that grow without bound, or that name a file, are never expanded.
TEST(XmlTrace, HasNoEntities) {
  EXPECT_THAT(show(R"(<?xml version="1.0"?>
<!DOCTYPE gpx [
  <!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<gpx><trk><name>&c;</name></trk></gpx>)"),
              ElementsAre("2: XML: has a document type declaration"));
  EXPECT_THAT(show("<!DOCTYPE gpx SYSTEM \"file:///etc/passwd\">\n<gpx/>"),
              ElementsAre("1: XML: has a document type declaration"));
  EXPECT_THAT(show("<gpx><trk><name>&c;</name></trk></gpx>"),
              ElementsAre("1: XML: undefined entity"));
}

TEST(XmlTrace, IsNotNestedWithoutEnd) {
  const auto nested = [](std::size_t depth) {
    std::string text = "<gpx>\n";
    for (std::size_t i = 1; i < depth; ++i) text += "<a>";
    for (std::size_t i = 1; i < depth; ++i) text += "</a>";
    return text + "</gpx>";
  };
  EXPECT_THAT(show(nested(1000)), ElementsAre(HasSubstr("has no clients")));
  EXPECT_THAT(show(nested(1001)), ElementsAre("2: XML: nests elements more than 1000 deep"));
  EXPECT_THAT(show(nested(100'000)), ElementsAre("2: XML: nests elements more than 1000 deep"));
  std::string empty = "<gpx>\n";
  for (int i = 1; i < 1000; ++i) empty += "<a>";
  EXPECT_THAT(show(empty + "<b/><b/>"), ElementsAre("2: XML: nests elements more than 1000 deep"));
}

// Reads back what `herdsim trace` writes. Every printed digit survives.
TEST(WrittenTraces, AreReadBack) {
  herd::Random random(1, "traces");
  std::vector<TraceClient> clients;
  for (const std::string id : {"phone-1", "a,\"b\"", "<é&>", "x"}) {
    clients.push_back({id, {}});
    TrackPoint sample{0s, {random.uniform() * 180 - 90, random.uniform() * 360 - 180}};
    for (int i = 0; i < 500; ++i) {
      clients.back().samples.push_back(sample);
      const auto took = random.exponential(i % 2 == 0 ? herd::Duration(3) : herd::Duration(1h));
      sample.at += took;
      // A jump, or a way at no more than a trace's greatest speed.
      const double far_m = took.count() == 0 ? 10'000'000
                                             : random.uniform() * kMaxSpeedMps *
                                                   std::chrono::duration<double>(took).count();
      sample.point = herd::destination(sample.point, random.uniform() * 6, far_m);
    }
  }
  std::string csv, gpx_text;
  append_csv_trace_header(csv);
  append_gpx_trace_header(gpx_text, "a <run>");
  for (const TraceClient& client : clients) {
    append_csv_trace(csv, client);
    append_gpx_trace(gpx_text, client);
  }
  append_gpx_trace_footer(gpx_text);
  for (const std::string& text : {csv, gpx_text}) {
    const auto trace = parse_trace(text);
    ASSERT_TRUE(trace.ok()) << trace.error()[0].line << trace.error()[0].wrong;
    ASSERT_EQ(trace->clients.size(), clients.size());
    for (std::size_t c = 0; c < clients.size(); ++c) {
      EXPECT_EQ(trace->clients[c].id, clients[c].id);
      ASSERT_EQ(trace->clients[c].samples.size(), clients[c].samples.size());
      for (std::size_t i = 0; i < clients[c].samples.size(); ++i) {
        const TrackPoint &read = trace->clients[c].samples[i], &meant = clients[c].samples[i];
        ASSERT_EQ(read.at, meant.at);
        ASSERT_NEAR(read.point.lat, meant.point.lat, 0.51e-9);
        ASSERT_NEAR(read.point.lon, meant.point.lon, 0.51e-9);
      }
    }
  }
}

TEST(WrittenTraces, SayWhatXmlCannotWithReplacements) {
  std::string text;
  append_gpx_trace(text, {"a\x01"
                          "b\xFF"
                          "c\xEF\xBF\xBE"
                          "d\xEF\xBF\xBF"
                          "e\xEF\xBF\xBC",
                          {{0s, {1, 2}}}});
  EXPECT_NE(text.find("<name>a\xEF\xBF\xBD"
                      "b\xEF\xBF\xBD"
                      "c\xEF\xBF\xBD"
                      "d\xEF\xBF\xBD"
                      "e\xEF\xBF\xBC</name>"),
            std::string::npos)
      << text;
  std::string whole;
  append_gpx_trace_header(whole, "U+FFFE: \xEF\xBF\xBE");
  append_gpx_trace_footer(whole += text);
  EXPECT_TRUE(parse_trace(whole).ok());
  EXPECT_NE(text.find("<trkpt lat=\"1.000000000\" lon=\"2.000000000\">"
                      "<time>2000-01-01T00:00:00.000000000Z</time></trkpt>"),
            std::string::npos)
      << text;
}

// The shipped trace, made by SUMO, is in degrees, and its cars move like cars.
TEST(ShippedTrace, IsOfCarsInTheStreets) {
  const auto text = read_file(HERDSIM_SOURCE_DIR "/scenarios/traces/streets.fcd.xml");
  ASSERT_TRUE(text);
  EXPECT_LT(text->size(), 600'000U);
  const auto trace = parse_trace(*text);
  ASSERT_TRUE(trace.ok()) << trace.error()[0].line << ' ' << trace.error()[0].wrong;
  EXPECT_GE(trace->clients.size(), 200U);
  double fastest = 0;
  for (const auto& [id, samples] : trace->clients) {
    ASSERT_GE(samples.size(), 2U) << id;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      // Near UCLA.
      ASSERT_LT(herd::distance_m(samples[i].point, {34.068930, -118.445127}), 5'000) << id;
      if (i == 0) continue;
      const double took_s =
          std::chrono::duration<double>(samples[i].at - samples[i - 1].at).count();
      ASSERT_GT(took_s, 0);
      const double speed = herd::distance_m(samples[i - 1].point, samples[i].point) / took_s;
      ASSERT_LT(speed, 40) << id;
      fastest = std::max(fastest, speed);
    }
  }
  EXPECT_GT(fastest, 10);
}

}  // namespace
}  // namespace sim
