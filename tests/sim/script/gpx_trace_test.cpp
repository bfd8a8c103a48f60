// Tests GPX traces: their samples, and the messages for wrong files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sim/script/traces/parse_trace.h"
#include "tests/sim/script/trace_test_support.h"

namespace sim {
namespace {

using test::show;
using test::TraceCase;
using testing::ElementsAre;

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
  const TraceCase kRows[] = {
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

}  // namespace
}  // namespace sim
