#include "sim/measure/figures/latency_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "sim/measure/figures/percentile.h"
#include "tests/samples.h"

namespace sim {
namespace {

using herd::Duration;
using herd::test::samples;

TEST(LatencyHistogram, NoneOfNothing) {
  const LatencyHistogram nothing;
  EXPECT_EQ(nothing.count(), 0U);
  EXPECT_EQ(nothing.percentile(50), std::nullopt);
  EXPECT_EQ(nothing.max(), std::nullopt);
}

TEST(LatencyHistogram, CountsNegativeOnesAsZero) {
  LatencyHistogram histogram;
  histogram.add(Duration(-5));
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.percentile(50), Duration(0));
  EXPECT_EQ(histogram.max(), Duration(0));
}

TEST(LatencyHistogram, HoldsWhatFitsADuration) {
  LatencyHistogram histogram;
  histogram.add(Duration(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(histogram.percentile(100), Duration(std::numeric_limits<std::int64_t>::max()));
}

// One value for each position within a bucket, at each power of two.
TEST(LatencyHistogram, IsExactOfOneValue) {
  for (int bits = 0; bits < 63; ++bits) {
    for (const std::int64_t step : {-1, 0, 1}) {
      const Duration value(std::max<std::int64_t>(0, (std::int64_t{1} << bits) + step));
      LatencyHistogram histogram;
      histogram.add(value);
      EXPECT_EQ(histogram.percentile(50), value) << "never more than the greatest";
      histogram.add(Duration(std::numeric_limits<std::int64_t>::max()));
      ASSERT_GE(*histogram.percentile(50), value);
      ASSERT_LE(*histogram.percentile(50) - value, value / 128) << value.count();
    }
  }
}

std::vector<Duration> random_values(std::mt19937_64& random) {
  std::vector<Duration> values(1 + random() % 400);
  // From values of one magnitude to values of many magnitudes.
  const auto most = random() % 62;
  const auto least = random() % (most + 1);
  for (Duration& value : values) {
    const auto bits = least + random() % (most - least + 1);
    value = Duration(static_cast<std::int64_t>(random() % (std::uint64_t{2} << bits)));
  }
  return values;
}

// Compares with the exact percentile. The result is never below it, at most 1/128 above it, and
// never above the maximum.
TEST(LatencyHistogram, IsWithinOnePartIn128OfTheExactPercentile) {
  std::mt19937_64 random(11);  // NOLINT: the same values every time
  for (int round = 0; round < samples(500); ++round) {
    std::vector<Duration> values = random_values(random);
    LatencyHistogram histogram;
    for (const Duration value : values) histogram.add(value);
    const Duration greatest = *std::max_element(values.begin(), values.end());
    ASSERT_EQ(histogram.count(), values.size());
    ASSERT_EQ(histogram.max(), greatest);
    for (const std::uint32_t part : {0U, 1U, 10U, 50U, 90U, 99U, 100U}) {
      const Duration exact = *percentile(values, part);
      const Duration counted = *histogram.percentile(part);
      ASSERT_GE(counted, exact) << part << " of " << values.size();
      ASSERT_LE(counted - exact, exact / 128) << part << " of " << values.size();
      ASSERT_LE(counted, greatest);
    }
    ASSERT_EQ(histogram.percentile(100), greatest);
  }
}

TEST(LatencyHistogram, IsAsPreciseAsItIsTold) {
  std::mt19937_64 random(13);  // NOLINT: the same values every time
  for (const int precision : {1, 2, 8, 13, 20}) {
    const double most = std::pow(2.0, 1 - precision);
    for (int round = 0; round < samples(100); ++round) {
      std::vector<Duration> values = random_values(random);
      LatencyHistogram histogram(precision);
      for (const Duration value : values) histogram.add(value, 2);
      ASSERT_EQ(histogram.count(), 2 * values.size());
      const Duration exact = *percentile(values, 50);
      const Duration counted = histogram.at_rank(2 * nearest_rank(values.size(), 50));
      ASSERT_GE(counted, exact);
      ASSERT_LE(static_cast<double>((counted - exact).count()),
                most * static_cast<double>(exact.count()));
    }
  }
}

TEST(LatencyHistogram, MergesAsIfItHadCountedBoth) {
  std::mt19937_64 random(12);  // NOLINT: the same values every time
  for (int round = 0; round < samples(100); ++round) {
    LatencyHistogram a, b, both;
    for (LatencyHistogram* half : {&a, &b}) {
      for (const Duration value : random_values(random)) {
        half->add(value);
        both.add(value);
      }
    }
    a.add(b);
    ASSERT_EQ(a.count(), both.count());
    ASSERT_EQ(a.max(), both.max());
    for (const double part : {0.0, 1.0, 50.0, 99.9, 100.0}) {
      ASSERT_EQ(a.percentile(part), both.percentile(part));
    }
  }
}

}  // namespace
}  // namespace sim
