// The rows of timeline.csv, heat.csv and histograms.csv, from herds whose steps the test chooses.
#include "sim/measure/metrics/timeline_rows.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/propagation.h"
#include "sim/measure/metrics/heat_rows.h"
#include "sim/measure/metrics/histogram_rows.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Scheme;
using testing::ElementsAre;

std::string shown(const TimelineRow& row) {
  const auto us = [](const std::optional<Duration>& value) {
    return value ? std::to_string(value->count() / 1000) : "-";
  };
  std::string out;
  for (const std::uint64_t count : {row.accepted, row.covered, row.deliveries, row.messages,
                                    row.duplicates, row.echoes, row.stale, row.lost, row.repairs}) {
    out += std::to_string(count) + ' ';
  }
  out += "down " + std::to_string(row.links_down) + ' ' + std::to_string(row.servers_down);
  out += " open " + std::to_string(row.open_updates) + ", " + us(row.propagation.p50) + ' ' +
         us(row.propagation.p99) + ' ' + us(row.propagation.max) + ", " + us(row.reply.max);
  return out;
}

std::vector<std::string> shown(const ToyHerd& toy) {
  std::vector<std::string> out;
  const UpdateLedger ledger = toy.ledger();
  for (const TimelineRow& row :
       timeline_rows(toy.outcome(), ledger, delivery_latencies(toy.outcome().recorder)))
    out.push_back(shown(row));
  return out;
}

// The first flood is whole; a link breaks under the second one and loses a message.
void play_two_floods(ToyHerd& toy) {
  toy.all_up();
  toy.clients.answered[0] = at_ms(2);
  toy.hear(0, 0);
  toy.settle();
  toy.now = at_ms(4);
  toy.hear(0, 1);
  toy.link_down(0, 1);
  toy.now = at_ms(7);
  toy.link_up(0, 1);
  toy.repair(0, 1, "kiwi");
  toy.settle();
  toy.now = at_ms(10);
  toy.recorder.finish(toy.now);
}

TEST(TimelineRows, TellWhatHappenedInEachBin) {
  ToyHerd toy(small_herd(2, {{0, 1}}), updates_of_kiwi(2));
  play_two_floods(toy);
  EXPECT_THAT(shown(toy), ElementsAre("1 1 1 2 1 1 0 0 0 down 0 0 open 0, 1 1 1, 1000",
                                      "1 0 0 1 0 0 0 1 0 down 1 0 open 1, - - -, -",
                                      "0 1 1 2 1 1 0 0 1 down 1 0 open 0, 3001 3001 3001, -",
                                      "0 0 0 0 0 0 0 0 0 down 0 0 open 0, - - -, -"));
}

TEST(TimelineRows, AreTheSameAtEveryRecord) {
  ToyHerd whole(small_herd(2, {{0, 1}}), updates_of_kiwi(2));
  play_two_floods(whole);
  for (const RecordLevel level : {RecordLevel::kSummary, RecordLevel::kUpdates}) {
    ToyHerd toy(small_herd(2, {{0, 1}}), updates_of_kiwi(2), level);
    play_two_floods(toy);
    EXPECT_EQ(shown(toy), shown(whole));
  }
}

TEST(TimelineRows, CountServersThatAreDown) {
  ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}), updates_of_kiwi(1));
  toy.all_up();
  toy.now = at_ms(1);
  toy.stop(1);
  toy.now = at_ms(7);
  toy.start(1);
  toy.now = at_ms(10);
  toy.recorder.finish(toy.now);
  EXPECT_THAT(shown(toy),
              ElementsAre(testing::HasSubstr("down 2 1"), testing::HasSubstr("down 2 1"),
                          testing::HasSubstr("down 2 1"), testing::HasSubstr("down 0 0")));
}

TEST(HeatRows, CountTheLatenciesOfASliceByClass) {
  ToyHerd toy(small_herd(2, {{0, 1}}), updates_of_kiwi(2));
  play_two_floods(toy);
  std::vector<std::string> rows;
  const Recorder& recorder = toy.outcome().recorder;
  for (const HeatRow& row : heat_rows(recorder.bins(), delivery_latencies(recorder))) {
    rows.push_back(fmt::format("{} to {}: {} to {}, {}", row.from.time_since_epoch() / 1ms,
                               row.to.time_since_epoch() / 1ms, row.least.count(), row.upto.count(),
                               row.count));
  }
  // 1 µs is in the class from 7/4 of 512 ns to 1024 ns.
  EXPECT_THAT(rows, ElementsAre("0 to 6: 896 to 1023, 1", "6 to 12: 2621440 to 3145727, 1"));
}

TEST(HeatRows, AddUpNeighbouringBuckets) {
  TimelineBins bins(true);
  bins.begin(herd::Instant(), 360ms);
  for (const int us : {0, 100, 101, 102, 200}) {
    bins.add_latency(herd::Instant(1ms), std::chrono::microseconds(us));
  }
  bins.finish(herd::Instant(3ms));
  std::vector<std::uint64_t> counts;
  for (const HeatRow& row : heat_rows(bins, bins.latencies())) counts.push_back(row.count);
  EXPECT_THAT(counts, ElementsAre(1, 3, 1));
}

TEST(HistogramRows, EndWithTheGreatestValue) {
  ToyHerd toy(small_herd(2, {{0, 1}}), updates_of_kiwi(2));
  play_two_floods(toy);
  std::vector<std::string> rows;
  const UpdateLedger ledger = toy.ledger();
  for (const HistogramRow& row :
       histogram_rows(toy.outcome(), ledger, delivery_latencies(toy.outcome().recorder), {})) {
    rows.push_back(std::string(row.metric) + ' ' + std::to_string(row.upto.count()) + ": " +
                   std::to_string(row.count));
  }
  // A bucket of 1,000 ns ends with 1,003 ns.
  EXPECT_THAT(rows, ElementsAre("propagation 1003: 1", "propagation 3001000: 1", "coverage 1003: 1",
                                "coverage 3001000: 1", "reply 1000000: 1"));
}

}  // namespace
}  // namespace sim
