#include "sim/measure/metrics/timeline_bins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

herd::Instant at(herd::Duration time) { return herd::Instant(time); }

std::vector<std::uint64_t> messages(const TimelineBins& bins) {
  std::vector<std::uint64_t> out;
  for (const BinCounts& bin : bins.counts()) out.push_back(bin.messages);
  return out;
}

TEST(TimelineBins, CountEachMomentInItsBinInAnyOrder) {
  TimelineBins bins(false);
  bins.begin(at(5s), 10s);
  EXPECT_EQ(bins.width(), 30ms);
  for (const auto when : {4s, 5s}) ++bins.at(at(when)).messages;
  ++bins.at(at(5s + 30ms)).messages;
  ++bins.at(at(5s + 119ms)).messages;
  ++bins.at(at(5s + 29999us)).messages;
  EXPECT_THAT(messages(bins), ElementsAre(3, 1, 0, 1));
  EXPECT_EQ(bins.bin_of(at(4s)), 0U);
  EXPECT_EQ(bins.bin_of(at(5s + 60ms)), 2U);
  EXPECT_EQ(bins.bin_of(at(9s)), 3U) << "the last one";
}

TEST(TimelineBins, HaveARoundWidthWithRoomForTheDrain) {
  for (const herd::Duration script :
       std::initializer_list<herd::Duration>{1ns, 399ns, 1us, 50ms, 999ms, 1s, 20s, 3600s}) {
    TimelineBins bins(false);
    bins.begin(at(0s), script);
    EXPECT_LE((script.count() + bins.width().count() - 1) / bins.width().count(), 360)
        << script.count();
    std::int64_t digits = bins.width().count();
    while (digits % 10 == 0) digits /= 10;
    EXPECT_LT(digits, 100) << script.count();
  }
}

TEST(TimelineBins, JoinNeighboursIfTheRunGetsLong) {
  TimelineBins bins(true);
  bins.begin(at(0s), 1s);  // 3 ms each
  ++bins.at(at(2ms)).messages;
  ++bins.at(at(4ms)).messages;
  ++bins.at(at(7ms)).messages;
  bins.add_latency(at(4ms), 5us);
  bins.add_latency(at(7ms), 9us);
  ++bins.at(at(1200ms)).messages;  // bin 400
  EXPECT_EQ(bins.width(), 6ms);
  EXPECT_EQ(bins.size(), 201U);
  EXPECT_EQ(bins.counts()[0].messages, 2U);
  EXPECT_EQ(bins.counts()[1].messages, 1U);
  EXPECT_EQ(bins.counts()[200].messages, 1U);
  EXPECT_EQ(bins.latencies()[0].max(), 5us);
  EXPECT_EQ(bins.latencies()[1].max(), 9us);
  bins.finish(at(100s));
  EXPECT_LE(bins.size(), TimelineBins::kMost);
  EXPECT_EQ(bins.counts()[0].messages, 3U);
  EXPECT_EQ(bins.latencies()[0].count(), 2U);
}

TEST(TimelineBins, HaveNoEndBeforeTheyBegin) {
  TimelineBins bins(false);
  ++bins.at(herd::Instant::min()).lost;
  ++bins.at(at(100s)).lost;
  EXPECT_FALSE(bins.begun());
  EXPECT_EQ(bins.size(), 1U);
  EXPECT_EQ(bins.counts()[0].lost, 2U);
}

}  // namespace
}  // namespace sim
