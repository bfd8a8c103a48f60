// Tests the figures about which updates reached which servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <utility>

#include "sim/measure/metrics/summarize.h"
#include "tests/sim/measure/summarize_support.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Scheme;
using test::Columns;
using test::columns;
using test::one_update;
using test::summed;
using testing::SizeIs;

// Three updates on the paper's ring: the first is covered, a cut keeps the second at its origin,
// the third is covered.
TEST(Summarize, CoversOnlyWhatReachedEveryServer) {
  ToyHerd toy(paper_herd(), HandPlan()
                                .client("kiwi", kAlford)
                                .client("emu", kAlford)
                                .update(0, at_ms(1))
                                .update(1, at_ms(2)));
  toy.all_up();
  toy.hear(kAlford, 0);
  toy.settle();
  toy.link_down(kAlford, kHamilton);
  toy.link_down(kAlford, kWelsh);
  toy.hear(kAlford, 1);
  toy.link_up(kAlford, kHamilton);
  toy.link_up(kAlford, kWelsh);
  const HerdResults results = summed(toy);
  const Columns row = columns(results);
  EXPECT_EQ(row.at("accepted"), "2");
  EXPECT_EQ(row.at("covered"), "1");
  EXPECT_EQ(row.at("covered_share"), "0.500000");
  EXPECT_EQ(row.at("superseded_on_way"), "0") << "the other one is the client's last";
  EXPECT_EQ(row.at("redundancy"), "1.500000");
  EXPECT_EQ(row.at("messages_per_update"), "5.000000");
  EXPECT_EQ(row.at("coverage_max_us"), "6000 ns");
  EXPECT_EQ(row.at("undelivered"), "4");
  EXPECT_EQ(row.at("converged"), "0");
  EXPECT_EQ(row.at("link_drops"), "2");
  EXPECT_EQ(row.at("violations"), "0");
  EXPECT_EQ(results.updates.at(0).coverage, 6us);
  EXPECT_EQ(results.updates.at(0).servers_reached, 5U);
  EXPECT_EQ(results.updates.at(1).coverage, std::nullopt);
  EXPECT_EQ(results.updates.at(1).servers_reached, 1U);
}

// A newer record replaces an older one that never arrived.
TEST(Summarize, UndeliveredIsWhatNoNewerOneMadeUpFor) {
  const Plan plan =
      HandPlan().client("kiwi").update(0, at_ms(1)).update(0, at_ms(2)).update(0, at_ms(3));
  ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}), plan);
  toy.all_up();
  toy.link_down(1, 2);
  toy.hear(0, 0);
  toy.settle();
  EXPECT_EQ(columns(summed(toy)).at("undelivered"), "1");
  toy.hear(0, 1);
  toy.settle();
  EXPECT_EQ(columns(summed(toy)).at("undelivered"), "2");
  EXPECT_EQ(columns(summed(toy)).at("superseded_on_way"), "0");
  toy.link_up(1, 2);
  toy.hear(0, 2);
  toy.settle();
  EXPECT_EQ(columns(summed(toy)).at("undelivered"), "0");
  EXPECT_EQ(columns(summed(toy)).at("converged"), "1");
  EXPECT_EQ(columns(summed(toy)).at("covered"), "1");  // only the last one
  EXPECT_EQ(columns(summed(toy)).at("superseded_on_way"), "2");
}

// A record is wrong if it is not the client's last update among those that any server decided.
TEST(Summarize, WrongRecordsAreNotWhatTheClientSentLast) {
  const Plan plan =
      HandPlan().client("kiwi").update(0, at_ms(1)).update(0, at_ms(2)).update(0, at_ms(3));
  ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}), plan);
  const auto wrong = [&] { return columns(summed(toy)).at("wrong_records"); };
  toy.all_up();
  EXPECT_EQ(wrong(), "0") << "of no client was anything decided";
  toy.link_down(1, 2);
  toy.hear(0, 0);
  toy.settle();
  EXPECT_EQ(wrong(), "1") << "S3 knows nothing";
  toy.hear(2, 1);
  toy.settle();
  EXPECT_EQ(wrong(), "2") << "S1 and S2 hold what is old";
  toy.stop(0);
  EXPECT_EQ(wrong(), "1") << "S1 is down";
  toy.link_up(1, 2);
  toy.hear(1, 2);
  toy.settle();
  EXPECT_EQ(wrong(), "0");
}

// The last decided update counts even if no server accepts it.
TEST(Summarize, WrongRecordsByServerTimeAreWhatSkewDid) {
  const Plan plan = HandPlan().client("kiwi").update(0, at_ms(1)).update(0, at_ms(2));
  HerdSpec spec = small_herd(3, {{0, 1}, {1, 2}});
  spec.order = herd::RecordOrder::kServerTime;
  for (const bool settled_between : {true, false}) {
    ToyHerd toy(spec, plan);
    toy.all_up();
    toy.hear(0, 0, "+10.000000000");
    if (settled_between) toy.settle();
    toy.hear(2, 1);
    toy.settle();
    const Columns row = columns(summed(toy));
    EXPECT_EQ(row.at("wrong_records"), "3");
    EXPECT_EQ(row.at("accepted"), settled_between ? "1" : "2");
    EXPECT_EQ(row.at("undelivered"), "0") << "by its own order";
    EXPECT_EQ(row.at("converged"), "1");
    EXPECT_EQ(row.at("violations"), "0") << "it keeps the promises of its own order";
  }
}

TEST(Summarize, AClientThatRepeatsItselfIsRightEitherWay) {
  ToyHerd toy(small_herd(2, {{0, 1}}),
              HandPlan().client("kiwi").stamped(0, at_ms(1), 7).stamped(0, at_ms(2), 7));
  toy.all_up();
  toy.hear(0, 0);
  toy.settle();
  toy.hear(0, 1);
  const Columns row = columns(summed(toy));
  EXPECT_EQ(row.at("accepted"), "1");
  EXPECT_EQ(row.at("wrong_records"), "0");
}

TEST(Summarize, CountsStaleAndLost) {
  ToyHerd toy(small_herd(2, {{0, 1}}),
              HandPlan().client("kiwi").update(0, at_ms(1)).update(0, at_ms(2)));
  toy.all_up();
  toy.hear(0, 0);
  toy.hear(1, 1);
  toy.settle();
  EXPECT_EQ(columns(summed(toy)).at("stale"), "1");
  ToyHerd cut(small_herd(2, {{0, 1}}), one_update());
  cut.all_up();
  cut.hear(0, 0);
  cut.link_down(0, 1);
  const Columns row = columns(summed(cut));
  EXPECT_EQ(row.at("lost"), "1");
  EXPECT_EQ(row.at("undelivered"), "1");
}

// The records of a server that is down at the end do not count.
TEST(Summarize, LeavesOutServersThatAreDownAtTheEnd) {
  ToyHerd toy(paper_herd(), one_update());
  toy.all_up().play();
  toy.stop(kBall);
  EXPECT_EQ(columns(summed(toy)).at("undelivered"), "0");
  EXPECT_EQ(columns(summed(toy)).at("converged"), "1");
  EXPECT_EQ(columns(summed(toy)).at("server_restarts"), "0");
  EXPECT_EQ(summed(toy).servers[kBall].clients_known, 0U);
  toy.start(kBall);  // it counts again, and holds no record
  EXPECT_EQ(columns(summed(toy)).at("undelivered"), "1");
  EXPECT_EQ(columns(summed(toy)).at("converged"), "0");
  EXPECT_EQ(columns(summed(toy)).at("server_restarts"), "1");
  toy.stop(kAlford);  // the first server of the herd
  EXPECT_EQ(columns(summed(toy)).at("undelivered"), "1");
  EXPECT_EQ(columns(summed(toy)).at("converged"), "0");
}

// S2 dies when it has the update. S1 and S3 repair it, and S2 relays the first repair to S3.
TEST(Summarize, CountsWhatRecoveryTook) {
  HerdSpec spec = small_herd(3, {{0, 1}, {1, 2}}, Scheme::kFlood);
  spec.recovery = herd::Recovery::kSync;
  ToyHerd toy(std::move(spec), one_update());
  toy.all_up().play();
  toy.stop(1);
  toy.start(1);
  toy.recorder.summary_sent(ToyHerd::id(0), toy.neighbor(0, 1), 30, toy.moment());
  toy.recorder.summary_sent(ToyHerd::id(1), toy.neighbor(1, 0), 12, toy.moment());
  toy.repair(0, 1, "kiwi");
  toy.repair(2, 1, "kiwi");
  toy.settle();
  toy.clients.connections_lost = {3};
  toy.clients.reply_counts = {{7, 6, 5, 4, 3}};
  const HerdResults results = summed(toy);
  const Columns row = columns(results);
  const Columns expected = {{"recovery", "sync"}, {"messages", "5"},
                            {"deliveries", "2"},  {"deliveries_again", "1"},
                            {"duplicates", "2"},  {"stale", "0"},
                            {"lost", "0"},        {"repairs", "2"},
                            {"sync_bytes", "42"}, {"server_restarts", "1"},
                            {"link_drops", "2"},  {"connections_lost", "3"},
                            {"replies", "7"},     {"refusals", "6"},
                            {"closings", "5"},    {"silences", "4"},
                            {"odd_replies", "3"}, {"undelivered", "0"},
                            {"converged", "1"},   {"violations", "0"},
                            {"covered", "1"},     {"coverage_max_us", "2000 ns"}};
  for (const auto& [name, value] : expected) EXPECT_EQ(row.at(name), value) << name;
  ASSERT_THAT(results.links, SizeIs(4));
  EXPECT_EQ(results.links[0].repairs, 1U);
  EXPECT_EQ(results.links[0].sync_bytes, 30U);
  EXPECT_EQ(results.links[1].repairs, 0U);
  EXPECT_EQ(results.links[1].sync_bytes, 12U);
  EXPECT_EQ(results.links[3].repairs, 1U);
  EXPECT_EQ(results.servers[0].restarts, 0U);
  EXPECT_EQ(results.servers[1].restarts, 1U);
  EXPECT_EQ(results.clients[0].connections_lost, 3U);
  EXPECT_EQ(results.clients[0].reply_counts.closings, 5U);
  EXPECT_EQ(results.updates[0].servers_reached, 3U);
  EXPECT_EQ(results.updates[0].messages, 5U);
}

TEST(Summarize, AForeignRecordIsNoConvergence) {
  ToyHerd toy(small_herd(1, {}), Plan());
  toy.plant(0, "AT S1 +0.0 ghost +1.0+1.0 5");
  EXPECT_EQ(columns(summed(toy)).at("converged"), "0");
}

}  // namespace
}  // namespace sim
