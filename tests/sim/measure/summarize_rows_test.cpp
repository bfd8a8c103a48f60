// Tests the rows of updates, deliveries, links, servers and clients.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "sim/measure/metrics/summarize.h"
#include "tests/sim/measure/summarize_support.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::columns;
using test::handover;
using test::one_update;
using test::scenario;
using test::summed;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Summarize, MakesARowOfEachUpdate) {
  ToyHerd toy(small_herd(2, {{0, 1}}), HandPlan()
                                           .client("kiwi")
                                           .client("emu")
                                           .update(0, at_ms(1))
                                           .update(0, at_ms(2))
                                           .update(1, at_ms(3)));
  toy.all_up();
  toy.zero = at_ms(100);  // the run's clock was already at this time when the script began
  toy.now = at_ms(105);
  toy.hear(1, 1);
  toy.settle();
  toy.hear(0, 0);
  const auto rows = summed(toy).updates;
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0].outcome, Outcome::kSuperseded);
  EXPECT_EQ(rows[0].origin, "S1");
  EXPECT_EQ(rows[0].accepted, std::nullopt);
  EXPECT_EQ(rows[0].servers_reached, 0U);
  EXPECT_EQ(rows[1].update, 1U);
  EXPECT_EQ(rows[1].client, "kiwi");
  EXPECT_EQ(rows[1].outcome, Outcome::kAccepted);
  EXPECT_EQ(rows[1].origin, "S2");
  EXPECT_EQ(rows[1].sent, at_ms(2));
  EXPECT_EQ(rows[1].accepted, at_ms(5));
  EXPECT_EQ(rows[1].servers_reached, 2U);
  EXPECT_EQ(rows[1].messages, 2U);
  EXPECT_EQ(rows[1].duplicates, 1U);
  EXPECT_EQ(rows[1].echoes, 1U);
  EXPECT_EQ(rows[1].coverage, 1us);
  EXPECT_EQ(rows[2].outcome, Outcome::kUnanswered);
  EXPECT_EQ(rows[2].origin, "");
  EXPECT_EQ(rows[2].coverage, std::nullopt);
}

TEST(Summarize, LeavesOutWhatTheScenarioDoesNotRecord) {
  ToyHerd toy(paper_herd(), one_update());
  toy.all_up().play();
  const HerdResults all = summed(toy);
  EXPECT_THAT(all.updates, SizeIs(1));
  EXPECT_THAT(all.deliveries, SizeIs(4));
  const HerdResults updates = summed(toy, scenario(RecordLevel::kUpdates));
  EXPECT_THAT(updates.updates, SizeIs(1));
  EXPECT_THAT(updates.deliveries, IsEmpty());
  const HerdResults summary = summed(toy, scenario(RecordLevel::kSummary));
  EXPECT_THAT(summary.updates, IsEmpty());
  EXPECT_THAT(summary.deliveries, IsEmpty());
  EXPECT_EQ(columns(summary), columns(all));
}

TEST(Summarize, MakesRowsOfLinksServersAndClients) {
  ToyHerd toy(small_herd(2, {{0, 1}}), HandPlan()
                                           .client("kiwi")
                                           .client("emu")
                                           .update(0, at_ms(1))
                                           .update(0, at_ms(2))
                                           .update(0, at_ms(3))
                                           .query(1, at_ms(4), "WHATSAT kiwi 0.5 20"));
  toy.all_up().play();
  toy.clients.answered = {at_ms(2), std::nullopt, at_ms(8)};
  toy.clients.handovers = {handover(1, 1ms), handover(1, 2ms)};
  const HerdResults results = summed(toy, scenario(), [](HerdOutcome& out) {
    out.wire_bytes = {300, 400};
    out.servers[1].port = 8080;
    out.servers[1].connections_peak = 7;
    out.servers[1].clients_held = 2;
    out.servers[1].clients_dropped = 1;
    out.servers[1].links_overflowed = 2;
  });
  ASSERT_THAT(results.links, SizeIs(2));
  EXPECT_EQ(results.links[0].from, 0U);
  EXPECT_EQ(results.links[0].to, 1U);
  EXPECT_EQ(results.links[0].messages, 3U);
  EXPECT_EQ(results.links[0].bytes, 300U);
  EXPECT_EQ(results.links[0].duplicates, 0U);
  EXPECT_EQ(results.links[1].from, 1U);
  EXPECT_EQ(results.links[1].to, 0U);
  EXPECT_EQ(results.links[1].bytes, 400U);
  EXPECT_EQ(results.links[1].duplicates, 3U);
  EXPECT_EQ(results.links[1].echoes, 3U);

  ASSERT_THAT(results.servers, SizeIs(2));
  EXPECT_EQ(results.servers[0].accepted, 3U);
  EXPECT_EQ(results.servers[0].messages_in, 3U);
  EXPECT_EQ(results.servers[0].duplicates_in, 3U);
  EXPECT_EQ(results.servers[1].server, "S2");
  EXPECT_EQ(results.servers[1].port, 8080U);
  EXPECT_EQ(results.servers[1].clients_known, 1U);
  EXPECT_EQ(results.servers[1].messages_out, 3U);
  EXPECT_EQ(results.servers[1].connections_peak, 7U);
  EXPECT_EQ(results.servers[1].clients_held, 2U);
  EXPECT_EQ(results.servers[1].clients_dropped, 1U);
  EXPECT_EQ(results.servers[1].links_overflowed, 2U);

  ASSERT_THAT(results.clients, SizeIs(2));
  EXPECT_EQ(results.clients[0].client, "kiwi");
  EXPECT_EQ(results.clients[0].updates, 3U);
  EXPECT_EQ(results.clients[0].queries, 0U);
  EXPECT_EQ(results.clients[0].reply_p50, 1ms);  // of 1 and 5 ms
  EXPECT_EQ(results.clients[0].reply_max, 5ms);
  EXPECT_EQ(results.clients[1].updates, 0U);
  EXPECT_EQ(results.clients[1].queries, 1U);
  EXPECT_EQ(results.clients[1].handovers, 2U);
  EXPECT_EQ(results.clients[1].reply_p50, std::nullopt);

  ASSERT_THAT(results.queries, SizeIs(1));
  EXPECT_EQ(results.queries[0].client, "emu");
  EXPECT_EQ(results.queries[0].about, "kiwi");
  EXPECT_EQ(results.queries[0].radius_km, "0.5");
  EXPECT_EQ(results.queries[0].bound, 20);
  EXPECT_EQ(results.queries[0].server, "");  // no answer came
  EXPECT_EQ(results.queries[0].latency, std::nullopt);
  EXPECT_EQ(columns(results).at("query_errors"), "1");
}

}  // namespace
}  // namespace sim
