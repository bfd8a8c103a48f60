#include "sim/measure/metrics/summarize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/script/spec/summary_columns.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Scheme;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Columns = std::map<std::string, std::string>;

std::string told(const Cell& cell) {
  struct Tell {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(std::int64_t n) const { return std::to_string(n); }
    std::string operator()(double d) const { return std::to_string(d); }
    std::string operator()(Latency l) const { return std::to_string(l.value.count()) + " ns"; }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Tell{}, cell);
}

// Whether a cell is what a column of this kind may hold.
bool fits(const Cell& cell, ColumnKind kind) {
  if (std::holds_alternative<std::monostate>(cell)) return true;
  switch (kind) {
    case ColumnKind::kText:
      return std::holds_alternative<std::string>(cell);
    case ColumnKind::kCount:
    case ColumnKind::kYesNo:
      return std::holds_alternative<std::int64_t>(cell);
    case ColumnKind::kMicros:
    case ColumnKind::kSinceStart:
      return std::holds_alternative<Latency>(cell);
    case ColumnKind::kRatio:
    case ColumnKind::kRate:
    case ColumnKind::kSeconds:
    case ColumnKind::kMib:
      return std::holds_alternative<double>(cell);
    case ColumnKind::kAsMetric:
      return false;
  }
  return false;
}

Columns columns(const HerdResults& results) {
  Columns out;
  EXPECT_EQ(results.summary.size(), kSummaryColumns.size());
  for (std::size_t i = 0; i < kSummaryColumns.size(); ++i) {
    EXPECT_TRUE(fits(results.summary.at(i), kSummaryColumns[i].kind)) << kSummaryColumns[i].name;
    out[std::string(kSummaryColumns[i].name)] = told(results.summary.at(i));
  }
  return out;
}

Scenario scenario(RecordLevel record = RecordLevel::kDeliveries) {
  Scenario out;
  out.name = "test";
  out.seed = 42;
  out.record = record;
  return out;
}

HerdResults summed(const ToyHerd& toy, const Scenario& of = scenario(),
                   const std::function<void(HerdOutcome&)>& set = nullptr) {
  HerdOutcome outcome = toy.outcome();
  if (set) set(outcome);
  const UpdateLedger ledger(outcome);
  return summarize(of, outcome, ledger, check(outcome, ledger, of.clock));
}

HandoverLog handover(std::uint32_t client, Duration latency) {
  HandoverLog log;
  log.client = client;
  log.last_answer = at_ms(1);
  log.first_answer = at_ms(1) + latency;
  return log;
}

Plan one_update() { return HandPlan().client("kiwi", kAlford).update(0, at_ms(1)); }

// Checks every column by hand. The flood is that of recorder_test: deliveries after 1, 2, 4 and 6
// us.
TEST(Summarize, FillsEveryColumn) {
  ToyHerd toy(paper_herd(), HandPlan()
                                .client("kiwi", kAlford)
                                .client("emu", kBall)
                                .update(0, at_ms(1))
                                .query(0, at_ms(2), "WHATSAT kiwi 10 5")
                                .query(1, at_ms(2), "WHATSAT ghost 10 5")
                                .query(1, at_ms(3), "WHATSAT kiwi 10 5"));
  toy.all_up().play();
  toy.clients.answered[0] = at_us(1250);
  toy.clients.queries[0] = {at_ms(9), kAlford, "OK", 3};
  toy.clients.queries[1] = {at_ms(4), kBall, "?", std::nullopt};
  toy.clients.handovers = {handover(0, 30ms), handover(1, 10ms), handover(0, 20ms)};
  const Columns row = columns(summed(toy, scenario(), [](HerdOutcome& out) {
    out.wire_bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    out.cpu_s = 0.5;
    out.rss_mib = 64.25;
    out.wall_s = 1.5;
  }));
  const Columns expected = {
      {"scenario", "test"},
      {"herd", "paper"},
      {"engine", "native"},
      {"clock", "live"},
      {"seed", "42"},
      {"servers", "5"},
      {"links", "5"},
      {"propagation", "flood-echo"},
      {"recovery", "none"},
      {"clients", "2"},
      {"updates", "1"},
      {"accepted", "1"},
      {"deliveries", "4"},
      {"undelivered", "0"},
      {"messages", "10"},
      {"messages_per_update", "10.000000"},
      {"duplicates", "6"},
      {"duplicates_per_update", "6.000000"},
      {"echoes", "4"},
      {"stale", "0"},
      {"lost", "0"},
      {"redundancy", "1.500000"},
      {"bytes", "55"},
      {"covered", "1"},
      {"propagation_p50_us", "2000 ns"},
      {"propagation_p90_us", "6000 ns"},
      {"propagation_p99_us", "6000 ns"},
      {"propagation_max_us", "6000 ns"},
      {"coverage_p50_us", "6000 ns"},
      {"coverage_p99_us", "6000 ns"},
      {"coverage_max_us", "6000 ns"},
      {"reply_p50_us", "250000 ns"},
      {"reply_p99_us", "250000 ns"},
      {"reply_max_us", "250000 ns"},
      {"queries", "3"},
      {"query_errors", "2"},
      {"query_p50_us", "2000000 ns"},
      {"query_p99_us", "7000000 ns"},
      {"handovers", "3"},
      {"handover_p50_us", "20000000 ns"},
      {"link_drops", "0"},
      {"converged", "1"},
      {"violations", "0"},
      {"cpu_s", "0.500000"},
      {"rss_mib", "64.250000"},
      {"wall_s", "1.500000"},
      {"deliveries_again", "0"},
      {"repairs", "0"},
      {"sync_bytes", "0"},
      {"handovers_stale", "0"},
      {"staleness_p50_us", ""},
      {"staleness_max_us", ""},
      {"server_restarts", "0"},
      {"connections_lost", "0"},
      {"wrong_records", "0"},
      {"updates_per_s", ""},
      {"observed", "inside"},
      {"replies", "0"},
      {"odd_replies", "0"},
      {"refusals", "0"},
      {"closings", "0"},
      {"silences", "0"},
      {"control_lines", "0"},
      {"control_bytes", "0"},
      {"lines", "10"},
      {"lines_per_update", "10.000000"},
      {"replaced", "0"},
      {"suppressed", "0"},
      {"dropped", "0"},
      {"redundancy_last_quarter", "1.500000"},
      {"last_hop_p50", "2"},
      {"last_hop_max", "2"},
  };
  EXPECT_EQ(row, expected);
}

// In a run without any action, columns without a value are empty and counts are 0.
TEST(Summarize, LeavesEmptyWhatHasNoValue) {
  const Columns row = columns(summed(ToyHerd(paper_herd(), Plan())));
  const std::map<std::string, const char*> empty = {
      {"messages_per_update", "nothing was accepted"},
      {"duplicates_per_update", "nothing was accepted"},
      {"redundancy", "nothing was covered"},
      {"redundancy_last_quarter", "nothing was covered"},
      {"last_hop_p50", "nothing was covered"},
      {"last_hop_max", "nothing was covered"},
      {"lines_per_update", "nothing was accepted"},
      {"propagation_p50_us", "nothing was delivered"},
      {"propagation_p90_us", "nothing was delivered"},
      {"propagation_p99_us", "nothing was delivered"},
      {"propagation_max_us", "nothing was delivered"},
      {"coverage_p50_us", "nothing was covered"},
      {"coverage_p99_us", "nothing was covered"},
      {"coverage_max_us", "nothing was covered"},
      {"reply_p50_us", "nothing was answered"},
      {"reply_p99_us", "nothing was answered"},
      {"reply_max_us", "nothing was answered"},
      {"query_p50_us", "no query was answered"},
      {"query_p99_us", "no query was answered"},
      {"handover_p50_us", "there was none"},
      {"staleness_p50_us", "there was none"},
      {"staleness_max_us", "there was none"},
      {"updates_per_s", "fewer than two were answered"},
      {"cpu_s", "not measured"},
      {"rss_mib", "not measured"},
  };
  for (const auto& [name, value] : row) {
    const auto reason = empty.find(name);
    if (reason == empty.end()) {
      EXPECT_NE(value, "") << name;
    } else {
      EXPECT_EQ(value, "") << name << ": " << reason->second;
    }
  }
  EXPECT_EQ(row.at("converged"), "1");
  EXPECT_EQ(row.at("query_errors"), "0");
}

TEST(Summarize, RedundancyWithSplitHorizonIsAHalf) {
  ToyHerd toy(paper_herd(Scheme::kFlood), one_update());
  toy.all_up().play();
  const Columns row = columns(summed(toy));
  EXPECT_EQ(row.at("redundancy"), "0.500000");
  EXPECT_EQ(row.at("propagation"), "flood");
  EXPECT_EQ(row.at("messages"), "6");
}

TEST(Summarize, RedundancyOfATreeIsZeroAndOfOneServerNone) {
  ToyHerd line(small_herd(3, {{0, 1}, {1, 2}}, Scheme::kFlood), one_update());
  line.all_up().play();
  EXPECT_EQ(columns(summed(line)).at("redundancy"), "0.000000");
  ToyHerd alone(small_herd(1, {}), one_update());
  alone.play();
  const Columns row = columns(summed(alone));
  EXPECT_EQ(row.at("redundancy"), "");
  EXPECT_EQ(row.at("covered"), "1");  // every server of one
  EXPECT_EQ(row.at("coverage_max_us"), "0 ns");
  EXPECT_EQ(row.at("propagation_max_us"), "");
}

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
  toy.link_up(1, 2);
  toy.hear(0, 2);
  toy.settle();
  EXPECT_EQ(columns(summed(toy)).at("undelivered"), "0");
  EXPECT_EQ(columns(summed(toy)).at("converged"), "1");
  EXPECT_EQ(columns(summed(toy)).at("covered"), "1");  // only the last one
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

TEST(Summarize, UpdatesPerSecondIsOfThoseAnswered) {
  ToyHerd toy(small_herd(2, {{0, 1}}), HandPlan()
                                           .client("kiwi")
                                           .client("emu", 1)
                                           .update(0, at_ms(100))
                                           .update(1, at_ms(500))
                                           .update(0, at_ms(900))
                                           .update(1, at_ms(950)));
  const auto rate = [&] { return columns(summed(toy)).at("updates_per_s"); };
  toy.clients.answered[1] = at_ms(2500);
  EXPECT_EQ(rate(), "") << "one alone has no rate";
  toy.clients.answered[2] = at_ms(1500);
  EXPECT_EQ(rate(), "1.000000") << "from 500 to 2500 ms";
  toy.clients.answered[3] = at_ms(3500);
  EXPECT_EQ(rate(), "1.000000");
}

TEST(Summarize, SaysHowItWasObserved) {
  ToyHerd toy(small_herd(2, {{0, 1}}), one_update());
  const auto told = [&](Observed observed) {
    return columns(summed(toy, scenario(), [&](HerdOutcome& out) { out.observed = observed; }))
        .at("observed");
  };
  EXPECT_EQ(told(Observed::kInside), "inside");
  EXPECT_EQ(told(Observed::kLinks), "links");
  EXPECT_EQ(told(Observed::kWhatsat), "whatsat");
  EXPECT_EQ(told(Observed::kLog), "log");
  EXPECT_EQ(told(Observed::kReplies), "replies");
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

// Five handovers. The new server knows the client's location at once in one, late in two and never
// in one. In the fifth the client does not connect.
TEST(Summarize, SumsUpHandovers) {
  ToyHerd toy(small_herd(2, {{0, 1}}), HandPlan()
                                           .client("kiwi", 0)
                                           .client("emu", 0)
                                           .update(0, at_ms(1))
                                           .update(1, at_ms(1))
                                           .move(0, at_ms(2), 1)
                                           .move(1, at_ms(2), 1));
  toy.all_up();
  toy.now = at_ms(1);
  toy.hear(0, 0);
  toy.hear(0, 1);
  toy.now = at_ms(7);
  toy.deliver(0, 1);  // kiwi's update, at 7.001 ms
  toy.link_down(0, 1);
  const auto connected = [](std::uint32_t client, std::optional<herd::Instant> at) {
    HandoverLog log = handover(client, 10ms);
    log.to = 1;
    log.connected = at;
    return log;
  };
  toy.clients.handovers = {connected(0, at_ms(3)), connected(1, at_ms(3)), connected(0, at_ms(6)),
                           connected(0, at_ms(8)), connected(0, std::nullopt)};
  const HerdResults results = summed(toy);
  const Columns row = columns(results);
  EXPECT_EQ(row.at("handovers"), "5");
  EXPECT_EQ(row.at("handovers_stale"), "3");
  EXPECT_EQ(row.at("staleness_p50_us"), "1001000 ns");  // of 0, 1.001 and 4.001 ms
  EXPECT_EQ(row.at("staleness_max_us"), "4001000 ns");
  EXPECT_THAT(results.handovers, SizeIs(5));
  EXPECT_EQ(columns(summed(toy, scenario(RecordLevel::kSummary))), row);
}

TEST(Summarize, HandsOnTheViolations) {
  ToyHerd toy(paper_herd(), one_update());
  toy.all_up().play();
  toy.lose_memory(kBall);
  const HerdResults results = summed(toy);
  EXPECT_EQ(columns(results).at("violations"), "1");
  EXPECT_THAT(results.violations, SizeIs(1));
  EXPECT_EQ(columns(results).at("converged"), "0");
}

TEST(Summarize, AForeignRecordIsNoConvergence) {
  ToyHerd toy(small_herd(1, {}), Plan());
  toy.plant(0, "AT S1 +0.0 ghost +1.0+1.0 5");
  EXPECT_EQ(columns(summed(toy)).at("converged"), "0");
}

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

// Answers of Places that are errors, and others.
TEST(Summarize, CountsQueryErrors) {
  HandPlan plan;
  plan.client("kiwi");
  const std::vector<std::string> statuses = {"OK", "ZERO_RESULTS", "OVER_QUERY_LIMIT", "?", ""};
  for (std::size_t i = 0; i < statuses.size(); ++i) plan.query(0, at_ms(1), "WHATSAT kiwi 1 1");
  ToyHerd toy(small_herd(1, {}), plan);
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    toy.clients.queries[i].status = statuses[i];
    if (!statuses[i].empty()) toy.clients.queries[i].answered = at_ms(3);
  }
  const Columns row = columns(summed(toy));
  EXPECT_EQ(row.at("queries"), "5");
  EXPECT_EQ(row.at("query_errors"), "3");
  EXPECT_EQ(row.at("query_p50_us"), "2000000 ns");
}

}  // namespace
}  // namespace sim
