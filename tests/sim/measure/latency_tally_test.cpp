#include "sim/measure/figures/latency_tally.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "sim/measure/figures/percentile.h"

namespace sim {
namespace {

using herd::Duration;

constexpr std::uint32_t kParts[] = {0, 1, 10, 50, 90, 99, 100};

LatencyTally tally_of(const std::vector<Duration>& values, std::size_t most_values) {
  LatencyTally tally(most_values);
  for (const Duration value : values) tally.add(value);
  EXPECT_EQ(tally.count(), values.size());
  return tally;
}

TEST(LatencyTally, NoneOfNothing) {
  const LatencyTally nothing;
  EXPECT_EQ(nothing.count(), 0U);
  EXPECT_EQ(nothing.percentile(50), std::nullopt);
  EXPECT_TRUE(nothing.exact());
}

// Adds many copies of a few values, some of them negative. Percentiles are those of the full list.
TEST(LatencyTally, IsExactOfFewDifferentValues) {
  std::mt19937_64 random(21);  // NOLINT: the same values every time
  for (int round = 0; round < 200; ++round) {
    const std::size_t different = 1 + random() % 300;
    std::vector<Duration> choice(different);
    for (Duration& value : choice) {
      value = Duration(static_cast<std::int64_t>(random() >> (random() % 50 + 2)) - 1000);
    }
    std::vector<Duration> values(1 + random() % 2000);
    for (Duration& value : values) value = choice[random() % different];
    const LatencyTally tally = tally_of(values, different);
    ASSERT_TRUE(tally.exact());
    for (const std::uint32_t part : kParts) {
      ASSERT_EQ(tally.percentile(part), percentile(values, part)) << part;
    }
    ASSERT_EQ(tally.percentile(999, 1000), percentile(values, 999, 1000));
  }
}

TEST(LatencyTally, TellsSoManyValuesApartAndNotOneMore) {
  LatencyTally tally(3);
  for (const int ns : {1'000'001, 1'000'002, 1'000'003, 1'000'001}) tally.add(Duration(ns));
  EXPECT_TRUE(tally.exact());
  EXPECT_EQ(tally.percentile(50), Duration(1'000'001));
  EXPECT_EQ(tally.percentile(75), Duration(1'000'002));
  tally.add(Duration(1'000'004));
  EXPECT_FALSE(tally.exact());
  EXPECT_EQ(tally.count(), 5U);
  EXPECT_EQ(tally.percentile(0), Duration(1'000'001));
  EXPECT_EQ(tally.percentile(100), Duration(1'000'004));
}

// A percentile is never below the exact one and at most 1/4096 above it. Minimum and maximum are
// exact.
TEST(LatencyTally, IsWithinOnePartIn4096OfManyDifferentValues) {
  std::mt19937_64 random(22);  // NOLINT: the same values every time
  bool ever_off = false;
  for (int round = 0; round < 200; ++round) {
    std::vector<Duration> values(200 + random() % 2000);
    for (Duration& value : values) {
      value = Duration(static_cast<std::int64_t>(random() >> (random() % 40 + 20)));
    }
    const LatencyTally tally = tally_of(values, 100);
    ASSERT_FALSE(tally.exact());
    for (const std::uint32_t part : kParts) {
      const Duration exact = *percentile(values, part);
      const Duration told = *tally.percentile(part);
      ASSERT_GE(told, exact) << part;
      ASSERT_LE((told - exact).count() * 4096, exact.count()) << part;
      ASSERT_TRUE(told == exact || (part != 0 && part != 100)) << part;
      if (told != exact) ever_off = true;
    }
  }
  EXPECT_TRUE(ever_off) << "nothing was folded";
}

TEST(LatencyTally, KeepsTheLeastAndTheGreatestOfNegativeOnes) {
  LatencyTally tally(1);
  for (const int ns : {-7, -3, 5, -9, 100'003}) tally.add(Duration(ns));
  EXPECT_FALSE(tally.exact());
  EXPECT_EQ(tally.percentile(0), Duration(-9));
  EXPECT_EQ(tally.percentile(100), Duration(100'003));
}

}  // namespace
}  // namespace sim
