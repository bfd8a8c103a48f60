#include "sim/measure/figures/percentile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sim {
namespace {

using herd::Duration;

std::vector<Duration> durations(std::initializer_list<int> values) {
  std::vector<Duration> out;
  for (const int value : values) out.emplace_back(value);
  return out;
}

TEST(Percentile, NoneOfNothing) {
  std::vector<Duration> nothing;
  EXPECT_EQ(percentile(nothing, 50), std::nullopt);
}

TEST(Percentile, KnownAnswers) {
  struct Row {
    std::initializer_list<int> values;
    std::uint32_t part, whole;
    int want;
  };
  const Row rows[] = {
      {{7}, 0, 100, 7},
      {{7}, 50, 100, 7},
      {{7}, 100, 100, 7},
      {{2, 1}, 50, 100, 1},
      {{2, 1}, 51, 100, 2},
      {{50, 15, 40, 20, 35}, 5, 100, 15},
      {{50, 15, 40, 20, 35}, 30, 100, 20},
      {{50, 15, 40, 20, 35}, 40, 100, 20},
      {{50, 15, 40, 20, 35}, 50, 100, 35},
      {{50, 15, 40, 20, 35}, 100, 100, 50},
      {{50, 15, 40, 20, 35}, 0, 100, 15},
      {{3, 3, 3, 1}, 25, 100, 1},
      {{3, 3, 3, 1}, 26, 100, 3},
      {{-5, 5, 0}, 50, 100, 0},
  };
  for (const Row& row : rows) {
    std::vector<Duration> values = durations(row.values);
    EXPECT_EQ(percentile(values, row.part, row.whole), Duration(row.want))
        << row.part << " of " << row.whole;
  }
}

// 7 % of 100 is exactly rank 7; floating point gives 8.
TEST(Percentile, RanksAreNotRounded) {
  for (const int n : {10, 100, 1000, 10000}) {
    std::vector<Duration> values;
    for (int i = 1; i <= n; ++i) values.emplace_back(i);
    for (std::uint32_t part = 1; part <= 1000; ++part) {
      const auto want = (static_cast<std::int64_t>(part) * n + 999) / 1000;
      ASSERT_EQ(percentile(values, part, 1000), Duration(want)) << part << " of " << n;
    }
  }
}

TEST(Percentile, KnownRanks) {
  EXPECT_EQ(nearest_rank(1, 0), 1U);
  EXPECT_EQ(nearest_rank(1, 100), 1U);
  EXPECT_EQ(nearest_rank(10, 50), 5U);
  EXPECT_EQ(nearest_rank(10, 51), 6U);
  EXPECT_EQ(nearest_rank(100'000'000'000, 99), 99'000'000'000U);
  EXPECT_EQ(nearest_rank(1000, 999, 1000), 999U);
}

// The definition: the smallest value such that at least the given part of all values is not
// greater.
TEST(Percentile, AgreesWithTheDefinitionOnSortedValues) {
  std::mt19937 random(3);  // NOLINT: the same values every time
  for (int round = 0; round < 300; ++round) {
    std::vector<Duration> values(1 + random() % 60);
    for (Duration& value : values) value = Duration(random() % 40);
    std::vector<Duration> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    const auto whole = static_cast<std::uint32_t>(1 + random() % 1000);
    const auto part = static_cast<std::uint32_t>(random() % (whole + 1));
    const auto want = std::find_if(sorted.begin(), sorted.end(), [&](Duration candidate) {
      const auto at_most = std::upper_bound(sorted.begin(), sorted.end(), candidate);
      return static_cast<std::uint64_t>(at_most - sorted.begin()) * whole >=
             std::uint64_t{part} * sorted.size();
    });
    ASSERT_NE(want, sorted.end());
    ASSERT_EQ(percentile(values, part, whole), *want);
    std::sort(values.begin(), values.end());
    ASSERT_EQ(values, sorted) << "values may move, not change";
  }
}

}  // namespace
}  // namespace sim
