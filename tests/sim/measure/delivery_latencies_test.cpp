#include "sim/measure/metrics/delivery_latencies.h"

#include <gtest/gtest.h>

#include <chrono>

namespace sim {
namespace {

using namespace std::chrono_literals;

herd::Instant second(int number) { return herd::Instant(std::chrono::seconds(number)); }

class DeliveryLatenciesTest : public testing::TestWithParam<RecordLevel> {
 protected:
  // The median and the extremes.
  std::vector<std::optional<herd::Duration>> percentiles() const {
    return latencies_.percentiles({0, 50, 100});
  }

  TimelineBins bins_{true};
  DeliveryLatencies latencies_{GetParam(), bins_};
};

TEST_P(DeliveryLatenciesTest, NoneHasNoPercentile) {
  latencies_.add_undated();
  EXPECT_EQ(percentiles(), (std::vector<std::optional<herd::Duration>>(3)));
  EXPECT_EQ(latencies_.count(), 1u);
}

TEST_P(DeliveryLatenciesTest, CountsTheRunThatIsNotOver) {
  for (int i = 0; i < 3; ++i) latencies_.add(second(1), 5ns);
  EXPECT_EQ(latencies_.count(), 3u);
  EXPECT_EQ(percentiles(), (std::vector<std::optional<herd::Duration>>{5ns, 5ns, 5ns}));
  latencies_.finish();
  EXPECT_EQ(latencies_.count(), 3u);
  EXPECT_EQ(percentiles(), (std::vector<std::optional<herd::Duration>>{5ns, 5ns, 5ns}));
}

INSTANTIATE_TEST_SUITE_P(Levels, DeliveryLatenciesTest,
                         testing::Values(RecordLevel::kUpdates, RecordLevel::kSummary),
                         [](const auto& each) {
                           return each.param == RecordLevel::kUpdates ? "updates" : "summary";
                         });

TEST(DeliveryLatenciesOfEach, AreExactOnBothSidesOfFourSeconds) {
  TimelineBins bins(true);
  DeliveryLatencies latencies(RecordLevel::kUpdates, bins);
  const herd::Duration least = herd::Duration((std::int64_t{1} << 32) - 1);
  latencies.add(second(1), least + 1ns);
  latencies.add(second(2), -1ns);
  latencies.add(second(3), least);
  latencies.add(second(4), 20h);
  latencies.add(second(5), 0ns);
  EXPECT_EQ(latencies.percentiles({0, 40, 60, 80, 100}),
            (std::vector<std::optional<herd::Duration>>{-1ns, 0ns, least, least + 1ns, 20h}));
}

}  // namespace
}  // namespace sim
