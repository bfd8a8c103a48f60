#include "sim/measure/metrics/summarize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/measure/summarize_support.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Scheme;
using test::Columns;
using test::columns;
using test::handover;
using test::one_update;
using test::scenario;
using test::summed;
using testing::SizeIs;

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
  const auto set = [](HerdOutcome& out) {
    out.wire_bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    out.cpu_s = 0.5;
    out.rss_mib = 64.25;
    out.wall_s = 1.5;
  };
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
      {"covered_share", "1.000000"},
      {"superseded_on_way", "0"},
  };
  const HerdResults all = summed(toy, scenario(), set);
  EXPECT_EQ(columns(all), expected);
  EXPECT_THAT(all.deliveries, SizeIs(4));
  const HerdResults alone = summed(toy, scenario(), set, WantedRows::kSummary);
  EXPECT_EQ(columns(alone), expected) << "it needs no other rows";
  EXPECT_THAT(alone.deliveries, SizeIs(0));
  EXPECT_THAT(alone.servers, SizeIs(0));
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
      {"covered_share", "nothing was accepted"},
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
  EXPECT_EQ(told(Observed::kElsewhereWhatsat), "whatsat");
  EXPECT_EQ(told(Observed::kElsewhereReplies), "replies");
}

// These servers were there before the run, and may hold and do more than its updates tell.
TEST(Summarize, SaysOfServersElsewhereOnlyWhatTheyToldOfTheUpdates) {
  ToyHerd toy(small_herd(2, {{0, 1}}), one_update());
  const auto told = [&](Observed observed) {
    return columns(summed(toy, scenario(), [&](HerdOutcome& out) { out.observed = observed; }));
  };
  Columns asked = told(Observed::kElsewhereWhatsat);
  Columns replies = told(Observed::kElsewhereReplies);
  for (const char* column :
       {"converged", "undelivered", "wrong_records", "superseded_on_way", "handovers_stale",
        "server_restarts", "deliveries_again", "messages", "bytes", "link_drops", "repairs"}) {
    EXPECT_NE(told(Observed::kInside)[column], "") << column;
    EXPECT_EQ(asked[column], "") << column;
    EXPECT_EQ(replies[column], "") << column;
  }
  for (const char* column : {"deliveries", "covered"}) {
    EXPECT_NE(asked[column], "") << column;
    EXPECT_EQ(replies[column], "") << column;
  }
  EXPECT_NE(replies["accepted"], "");
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
