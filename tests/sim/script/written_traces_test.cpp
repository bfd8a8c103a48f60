// Tests that traces are read back as they were written, and the trace that is shipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "core/random.h"
#include "sim/base/text/read_file.h"
#include "sim/script/spec/limits.h"
#include "sim/script/traces/csv_trace.h"
#include "sim/script/traces/gpx_trace.h"
#include "sim/script/traces/parse_trace.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

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
