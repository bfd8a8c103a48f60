#include "sim/run/virtual_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "sim/measure/figures/summary_cells.h"
#include "sim/script/spec/summary_columns.h"
#include "tests/sim/run/measured_words.h"
#include "tests/sim/run/virtual_scenario.h"

namespace sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

RunResults play(const std::string& members) {
  auto results = run_virtual(virtual_scenario(members), {});
  if (results) return std::move(results).value();
  throw std::runtime_error(results.error().message);  // fails the test, which needs the results
}

double cell(const HerdResults& herd, std::string_view column) {
  return figure_of(cell_of(herd, find_column(column).value())).value_or(-1);
}

// One update at S1 of a line of servers.
const std::string kOneUpdate =
    R"("duration": "1s", "clients": [{"id": "phone", "server": "S1", "updates": "1/s"}])";

TEST(VirtualRun, LatenciesAreExact) {
  const RunResults run = play(
      kOneUpdate +
      R"(, "herds": [{"name": "h", "servers": 4, "links": "line", "link": {"latency": "7ms"}}])");
  ASSERT_EQ(run.herds.size(), 1U);
  ASSERT_EQ(run.herds[0].deliveries.size(), 3U);
  for (const DeliveryRow& row : run.herds[0].deliveries) {
    EXPECT_EQ(row.hops, row.server);
    EXPECT_EQ(row.latency, row.hops * milliseconds(7));
  }
  EXPECT_EQ(run.herds[0].updates[0].coverage, Duration(milliseconds(21)));
  EXPECT_EQ(run.herds[0].updates[0].accepted, Instant());
  EXPECT_EQ(run.schedule_lag.max(), Duration(0));
  EXPECT_THAT(run.herds[0].violations, IsEmpty());
}

// Each server needs its service time for each line, and serves lines in order.
TEST(VirtualRun, ServersTakeTheirTimeForEachLine) {
  const RunResults one =
      play(kOneUpdate + R"(, "service_time": "20us", "herds": [{"name": "h", "servers": 3,
        "links": "line", "link": {"latency": "1ms"}, "propagation": "flood"}])");
  // It is accepted when S1 has served it, so each hop costs one latency and one service time.
  EXPECT_EQ(one.herds[0].updates[0].accepted, Instant(microseconds(20)));
  for (const DeliveryRow& row : one.herds[0].deliveries) {
    EXPECT_EQ(row.latency, row.hops * microseconds(1020));
  }
  EXPECT_EQ(one.herds[0].clients[0].reply_max, Duration(microseconds(20)));

  // The last of ten at once is served after nine others.
  const RunResults ten = play(
      R"("duration": "1s", "herds": [{"name": "h", "servers": 1, "links": [],
         "service_time": "20us"}], "events": [{"at": "100ms", "do": "burst", "server": "S1",
         "updates": 10, "clients": 10, "over": "0s"}])");
  std::vector<Duration> accepted;
  for (const UpdateRow& row : ten.herds[0].updates) {
    accepted.push_back(*row.accepted - Instant(milliseconds(100)));
  }
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    EXPECT_EQ(accepted[i], (i + 1) * microseconds(20));
  }
}

// S2 hears of the update at 10 ms, is paused, and would hear of it from S3 at 20 ms.
TEST(VirtualRun, APausedServerTakesNoDuplicates) {
  const RunResults run =
      play(kOneUpdate + R"(, "messages": "all", "herds": [{"name": "h", "servers": 3,
        "links": "complete", "link": {"latency": "10ms"}, "propagation": "flood",
        "keepalive": "off"}],
        "events": [{"at": "15ms", "do": "pause", "server": "S2"},
                   {"at": "300ms", "do": "resume", "server": "S2"}])");
  std::map<std::pair<std::uint32_t, std::uint32_t>, Instant> duplicates;
  for (const MessageRow& row : run.herds[0].messages) {
    if (row.kind == MessageKind::kDuplicate) duplicates[{row.from, row.to}] = *row.received;
  }
  EXPECT_THAT(duplicates, ElementsAre(Pair(Pair(1, 2), Instant(milliseconds(20))),
                                      Pair(Pair(2, 1), Instant(milliseconds(300)))));
}

const std::string kEverything = R"("duration": "4s", "drain": "20s", "seed": 9, "herds": [
    {"name": "none", "servers": 8, "links": {"regular": 3}, "link": {"latency": "8ms",
       "jitter": {"exponential": "3ms"}, "loss": 0.05}, "service_time": "50us"},
    {"name": "sync", "servers": 8, "links": "ring", "recovery": "sync", "propagation": "flood",
       "link": {"latency": "5ms", "bandwidth": "100kbit/s"}, "places": {"provider": "embedded",
       "latency": "30ms", "fail": 0.2}}],
  "clients": [
    {"id": "a-{n}", "count": 6, "server": "spread", "updates": {"rate": "5/s",
       "arrivals": "poisson"}, "handover": {"on_loss": "random"}, "link": {"latency": "20ms",
       "jitter": "5ms"}},
    {"id": "b-{n}", "count": 3, "server": "S2", "updates": "2/s", "queries": {"every": "500ms"},
       "handover": {"every": "700ms", "to": "random"}}],
  "events": [
    {"at": "500ms", "do": "chaos", "over": "3s", "lasting": "300ms", "link_down": "5/s",
     "blackhole": "1/s", "server_down": "1/s", "pause": "2/s", "partition": "30/min"},
    {"at": "2s", "do": "burst", "server": "S3", "updates": 100, "clients": 5, "over": "100ms"}])";

TEST(VirtualRun, IsTheSameEveryTime) {
  const RunResults first = play(kEverything);
  const RunResults second = play(kEverything);
  EXPECT_EQ(measured_words(first), measured_words(second));
  ASSERT_TRUE(first.trace_hash);
  EXPECT_EQ(first.trace_hash, second.trace_hash);
  for (const HerdResults& herd : first.herds) EXPECT_THAT(herd.violations, IsEmpty());
  EXPECT_GT(cell(first.herds[1], "repairs"), 0);
  EXPECT_GT(cell(first.herds[0], "lost"), 0);

  Scenario other = virtual_scenario(kEverything);
  other.seed = 10;
  const auto third = run_virtual(other, {});
  ASSERT_TRUE(third);
  EXPECT_NE(third->trace_hash, first.trace_hash);
}

// Pins results that must be the same with every compiler and build.
TEST(VirtualRun, IsTheSameEverywhere) {
  EXPECT_EQ(play(kEverything).trace_hash, std::uint64_t{2123181090952378932U});
}

// A client may say what only a server can follow up: it is told so before its connection is closed.
TEST(VirtualRun, WhoAsksForALinkAndDoesNotProveItGetsEveryAnswer) {
  const RunResults run = play(R"("duration": "1s",
      "herds": [{"name": "h", "servers": ["A", "B"], "links": [["A", "B"]]}],
      "events": [{"at": "0.5s", "do": "send", "client": "kiwi", "line": "LINK h A B 00"},
                 {"at": "0.5s", "do": "send", "client": "kiwi", "line": "MAC 00"}],
      "clients": [{"id": "kiwi", "server": "B"}])");
  ASSERT_EQ(run.herds.size(), 1U);
  EXPECT_THAT(run.herds[0].violations, IsEmpty());
  EXPECT_EQ(cell(run.herds[0], "replies") + cell(run.herds[0], "refusals"), 2);
}

TEST(VirtualRun, TextOnTheWireIsTheSameAsValues) {
  const RunResults values = play(kEverything);
  const RunResults text = play(R"("wire": "text", )" + kEverything);
  EXPECT_EQ(measured_words(values), measured_words(text));
  EXPECT_EQ(values.trace_hash, text.trace_hash);
}

// Adding a herd or another client far away must change nothing for a client.
TEST(VirtualRun, WhatIsAddedDisturbsNothingElse) {
  const std::string clients = R"("duration": "3s", "clients": [{"id": "a", "server": "S1",
      "updates": {"rate": "20/s", "arrivals": "poisson"}, "link": {"latency": "5ms",
      "jitter": {"normal": "2ms"}}})";
  const std::string herd = R"({"name": "h", "servers": 3, "links": "line", "propagation": "flood",
      "link": {
      "latency": "9ms", "jitter": {"exponential": "4ms"}}})";
  const RunResults alone = play(clients + "], \"herds\": [" + herd + "]");
  const RunResults beside = play(clients + R"(, {"id": "b", "server": "S3", "updates": "30/s"}],
      "herds": [{"name": "other", "servers": 4, "links": "ring"}, )" +
                                 herd + "]");
  std::vector<Duration> one, other;
  for (const DeliveryRow& row : alone.herds[0].deliveries) {
    if (row.server == 1) one.push_back(row.latency.value());
  }
  const HerdResults& same = beside.herds[1];
  for (const DeliveryRow& row : same.deliveries) {
    if (row.server == 1 && same.updates[row.update].client == "a")
      other.push_back(row.latency.value());
  }
  // The random draws of the first hop are those of its link, in the order of its lines. Only a's
  // updates cross it in this direction.
  EXPECT_GT(one.size(), 30U);
  EXPECT_EQ(one, other);
  EXPECT_EQ(alone.herds[0].clients[0].reply_p50, same.clients[0].reply_p50);
}

TEST(VirtualRun, PlacesTakeTheirTimeAndFailAsTheyAreTold) {
  const RunResults run = play(R"("duration": "1s", "herds": [{"name": "h", "places": {
      "provider": "embedded", "latency": "60ms"}}], "clients": [{"id": "a", "server": "Ball",
      "updates": "1/s", "queries": {"every": "250ms", "radius": "10km", "bound": 3}}],
      "events": [{"at": "400ms", "do": "set_places", "fail": 1},
                 {"at": "600ms", "do": "set_places", "fail": 0, "latency": "6s"}])");
  std::vector<std::string> statuses;
  for (const QueryRow& row : run.herds[0].queries) {
    statuses.push_back(row.status + " " + std::to_string(row.places.value_or(0)) + " " +
                       (row.latency ? std::to_string(row.latency->count()) : "none"));
  }
  // The last one would take longer than the servers' timeout, and the drain is shorter than that.
  EXPECT_THAT(statuses,
              ElementsAre("OK 3 60000000", "OK 3 60000000", "UNKNOWN_ERROR 0 60000000", " 0 none"));
}

TEST(VirtualRun, APlacesAnswerThatIsTooLateIsAnError) {
  const RunResults run = play(R"("duration": "1s", "drain": "9s", "herds": [{"name": "h",
      "places": {"provider": "embedded", "latency": "6s"}}], "clients": [{"id": "a",
      "server": "Ball", "updates": "1/s", "queries": "1/s"}])");
  ASSERT_EQ(run.herds[0].queries.size(), 1U);
  EXPECT_EQ(run.herds[0].queries[0].status, "UNKNOWN_ERROR");
  EXPECT_EQ(run.herds[0].queries[0].latency, Duration(seconds(5)));
}

TEST(VirtualRun, NoHerdsAreAnError) {
  const auto run = run_virtual(Scenario{}, {});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().message, "has no herds");
}

TEST(VirtualRun, LinksThatTakeTooLongAreAnError) {
  const auto run = run_virtual(
      virtual_scenario(R"("duration": "1s", "herds": [{"name": "h", "link": {"latency": "8s"}}])"),
      {});
  ASSERT_FALSE(run);
  EXPECT_THAT(
      run.error().message,
      HasSubstr("herd h: no handshake in time on the links: Alford - Hamilton, Alford - Welsh"));
}

TEST(VirtualRun, AHerdThatNeverRestsIsAnError) {
  VirtualRunOptions options;
  options.max_events = 2'000;
  const auto run = run_virtual(
      virtual_scenario(R"("duration": "100s", "herds": [{"name": "h"}], "clients": [{"id": "a",
               "server": "Ball", "updates": "100/s"}])"),
      options);
  ASSERT_FALSE(run);
  EXPECT_THAT(run.error().message, HasSubstr("more than 2000 events"));
}

// Some link is being compared at any time.
TEST(VirtualRun, ComparisonsThatFindNothingDoNotKeepAHerdFromRest) {
  for (const char* const how :
       {R"("recovery": {"scheme": "sync", "every": "1ms"})",
        R"("recovery": "sync", "propagation": {"scheme": "gossip", "pull": "1ms"})"}) {
    VirtualRunOptions options;
    options.max_events = 200'000;
    const auto run = run_virtual(virtual_scenario(R"("duration": "1s", "drain": "1h",
        "herds": [{"name": "h", "servers": 8, "links": "complete",
          "link": {"latency": "50ms", "jitter": "20ms"}, )" +
                                                  std::string(how) + R"(}],
        "clients": [{"id": "c-{n}", "count": 4, "server": "spread", "updates": "5/s"}])"),
                                 options);
    ASSERT_TRUE(run) << run.error().message;
    EXPECT_EQ(cell(run->herds[0], "converged"), 1);
    EXPECT_EQ(cell(run->herds[0], "violations"), 0);
  }
}

TEST(VirtualRun, IsInterrupted) {
  const std::atomic<bool> interrupted = true;
  VirtualRunOptions options;
  options.interrupted = &interrupted;
  const auto run = run_virtual(
      virtual_scenario(R"("duration": "100s", "herds": [{"name": "h"}], "clients": [{"id": "a",
               "server": "Ball", "updates": "100/s"}])"),
      options);
  ASSERT_TRUE(run);
  EXPECT_FALSE(run->complete);
  EXPECT_LT(cell(run->herds[0], "updates"), 10'000);
  EXPECT_EQ(cell(run->herds[0], "violations"), 0);
}

TEST(VirtualRun, NothingListensAndClocksShowTheSameTimeEveryTime) {
  const RunResults run = play(kOneUpdate + R"(, "herds": [{"name": "h", "servers": [{"name": "S1",
      "port": 1}, "S2"], "links": "line"}])");
  for (const ServerRow& row : run.herds[0].servers) EXPECT_EQ(row.port, 0);
  EXPECT_EQ(cell(run.herds[0], "covered"), 1);
}

// A herd of 10,000 servers meets the closed form and loses no message.
TEST(VirtualRun, LargeHerds) {
  const RunResults run = play(R"("duration": "1s", "record": "summary", "herds": [{"name": "h",
      "servers": 10000, "links": {"regular": 4}, "propagation": "flood", "keepalive": "off",
      "link": {"latency": "1ms"}}], "clients": [{"id": "a-{n}", "count": 3, "server": "spread",
      "updates": "1/s"}])");
  EXPECT_EQ(cell(run.herds[0], "messages"), 3 * 30'001.0);
  EXPECT_EQ(cell(run.herds[0], "covered"), 3);
  EXPECT_EQ(cell(run.herds[0], "violations"), 0);
}

}  // namespace
}  // namespace sim
