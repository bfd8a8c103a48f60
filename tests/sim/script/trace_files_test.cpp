// Trace files of every format: the samples read from them, and the messages for wrong files.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "sim/base/text/read_file.h"
#include "sim/script/traces/csv_trace.h"
#include "sim/script/traces/gpx_trace.h"
#include "sim/script/traces/parse_trace.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// Returns one line per sample, `client: seconds lat lon`, or one line per problem, `LINE: WHAT:
// wrong (right)`.
std::vector<std::string> show(std::string_view text) {
  const auto trace = parse_trace(text);
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
                   "1.5,b,1.25,-2\n"),
              ElementsAre("b: 0.000000 1.000000 2.000000", "b: 1.500000 1.250000 -2.000000",
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
       "2: time_s: \"1479413884\" is out of range (seconds since the run's start, from 0 to "
       "31536000)"},
      {"time goes back", "time_s,client,lat,lon\n5,a,1,2\n1,b,1,2\n4,a,1,2\n",
       "4: time_s: goes back from 5 s to 4 s for client \"a\" (times of one client in their "
       "order)"},
      {"no client", "time_s,client,lat,lon\n5,,1,2\n", "2: client: is empty (a client's id)"},
      {"latitude is no number", "time_s,client,lat,lon\n\n5,a,1 ,2\n",
       "3: lat: \"1 \" is not a number (decimal degrees from -90 to 90)"},
      {"latitude is out of range", "time_s,client,lat,lon\n5,a,90.1,2\n",
       "2: lat: \"90.1\" is out of range (decimal degrees from -90 to 90)"},
      {"not a number", "time_s,client,lat,lon\n5,a,nan,2\n",
       "2: lat: \"nan\" is out of range (decimal degrees from -90 to 90)"},
      {"two signs", "time_s,client,lat,lon\n5,a,+-1,2\n",
       "2: lat: \"+-1\" is not a number (decimal degrees from -90 to 90)"},
      {"longitude is out of range", "time_s,client,lat,lon\n5,a,1,-180.5\n",
       "2: lon: \"-180.5\" is out of range (decimal degrees from -180 to 180)"},
      {"an open quote", "time_s,client,lat,lon\n5,a,1,2\n5,\"a,1,2\n",
       "3: record: a quoted field that is never closed"},
      {"compressed", "\x1F\x8B\x08", "1: trace: is compressed (the file that gunzip makes of it)"},
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
  <trkseg><trkpt lon="4" lat="3"><time> 2024-05-01T14:00:10.25+02:00 </time></trkpt></trkseg>
</trk>
<trk><trkseg><trkpt lat="-1" lon="-2"><time>2024-05-01T12:00:00</time></trkpt></trkseg></trk>
<trk><name>nowhere</name></trk>
)")),
      ElementsAre("Ann & Bob: 10.000000 1.000000 2.000000",
                  "Ann & Bob: 10.250000 3.000000 4.000000", ": 0.000000 -1.000000 -2.000000"));
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
       "3: time: 31536001 s is out of range (seconds since the run's start, from 0 to 31536000)"},
  };
  for (const auto& [name, inside, want] : kRows) {
    EXPECT_THAT(show(gpx(inside)), ElementsAre(std::string(want))) << name;
  }
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

// Reads back what `herdsim trace` writes. Every printed digit survives.
TEST(WrittenTraces, AreReadBack) {
  herd::Random random(1, "traces");
  std::vector<TraceClient> clients;
  for (const std::string id : {"phone-1", "a,\"b\"", "<é&>", "x"}) {
    clients.push_back({id, {}});
    herd::Duration at(0);
    for (int i = 0; i < 500; ++i) {
      clients.back().samples.push_back(
          {at, {random.uniform() * 180 - 90, random.uniform() * 360 - 180}});
      at += random.exponential(i % 2 == 0 ? herd::Duration(3) : herd::Duration(1h));
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
                          "b\xFF",
                          {{0s, {1, 2}}}});
  EXPECT_NE(text.find("<name>a\xEF\xBF\xBD"
                      "b\xEF\xBF\xBD</name>"),
            std::string::npos)
      << text;
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
