#include "sim/app/sweep/shard_points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "tests/sim/app/sweep_support.h"

namespace sim {
namespace {

using testing::ElementsAre;

// Returns a sweep whose keys have these numbers of values.
Sweep grid(const std::vector<std::size_t>& sizes) {
  Sweep sweep;
  for (const std::size_t size : sizes) {
    SweptKey& key = sweep.keys.emplace_back();
    for (std::size_t v = 0; v < size; ++v) key.values.push_back({std::to_string(v), ""});
  }
  return sweep;
}

// Returns the shards that each point is in, and fails if it is not in one alone.
std::vector<std::uint64_t> shards_of_points(Sweep sweep, std::uint64_t of) {
  std::vector<std::uint64_t> shard(sweep.points());
  for (std::uint64_t number = 1; number <= of; ++number) {
    sweep.shard = Shard{number, of};
    const std::vector<bool> own = own_points(sweep);
    EXPECT_EQ(own.size(), shard.size());
    for (std::size_t p = 0; p < own.size(); ++p) {
      if (!own[p]) continue;
      EXPECT_EQ(shard[p], 0U) << "point " << p << " is in two shards of " << of;
      shard[p] = number;
    }
  }
  EXPECT_EQ(std::count(shard.begin(), shard.end(), 0U), 0) << "of " << of;
  return shard;
}

std::vector<std::vector<std::size_t>> some_grids(std::size_t count) {
  constexpr std::size_t kSizes[] = {1, 2, 3, 4, 5, 8, 10, 13, 20, 21, 34, 50};
  std::mt19937 random(7);
  std::vector<std::vector<std::size_t>> grids;
  while (grids.size() < count) {
    std::vector<std::size_t> sizes(1 + random() % 4);
    std::size_t points = 1;
    for (std::size_t& size : sizes) points *= size = kSizes[random() % std::size(kSizes)];
    if (points <= 600) grids.push_back(sizes);
  }
  return grids;
}

TEST(ShardPoints, AnyNumberOfShardsIsAPartitionIntoEqualParts) {
  for (const auto& sizes : some_grids(30)) {
    const Sweep sweep = grid(sizes);
    for (const std::uint64_t of :
         {1U, 2U, 3U, 7U, 16U, static_cast<unsigned>(sweep.points()) + 5}) {
      const auto shard = shards_of_points(sweep, of);
      std::vector<std::size_t> counts(of);
      for (const std::uint64_t number : shard) ++counts[number - 1];
      const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
      EXPECT_LE(*most - *least, 1U) << testing::PrintToString(sizes) << " of " << of;
    }
  }
}

// The cost of a point grows with the value of one key, in either direction.
TEST(ShardPoints, NoShardHasTwiceTheMeanLoadIfCostGrowsAlongAKey) {
  std::size_t tried = 0;
  for (const auto& sizes : some_grids(60)) {
    const Sweep sweep = grid(sizes);
    for (const std::size_t of : {2UL, 3UL, 4UL, 6UL, 8UL, 10UL, 16UL, 25UL, 50UL}) {
      if (sweep.points() < 8 * of) continue;
      const auto shard = shards_of_points(sweep, of);
      for (std::size_t k = 0; k < 2 * sizes.size(); ++k) {
        std::vector<double> load(of);
        for (std::size_t p = 0; p < shard.size(); ++p) {
          const std::size_t value = sweep.choice(p)[k / 2];
          load[shard[p] - 1] += static_cast<double>(k % 2 == 0 ? value + 1 : sizes[k / 2] - value);
        }
        const double mean =
            std::accumulate(load.begin(), load.end(), 0.0) / static_cast<double>(of);
        EXPECT_LE(*std::max_element(load.begin(), load.end()), 2 * mean)
            << testing::PrintToString(sizes) << " of " << of << ", key " << k / 2;
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 500U);
}

// Shards that run on several machines, and results of earlier versions, rely on it.
TEST(ShardPoints, ThePartitionNeverChanges) {
  EXPECT_THAT(shards_of_points(grid({3, 4}), 3), ElementsAre(1, 3, 2, 1, 2, 2, 1, 3, 1, 3, 3, 2));
  EXPECT_THAT(shards_of_points(grid({8}), 4), ElementsAre(1, 3, 2, 4, 3, 1, 4, 2));
}

TEST(ShardPoints, WithoutAShardAllPointsAreOwn) {
  EXPECT_EQ(own_points(grid({2, 3})), std::vector<bool>(6, true));
}

TEST(ShardPoints, AShardValidatesItsOwnPointsOnly) {
  // A ring of two servers is an error, in one point of four.
  const std::string text = test::sweep_text(R"({"herds.0.servers": [5, 6, 7, 2]})");
  std::vector<bool> valid;
  for (std::uint64_t number = 1; number <= 4; ++number) {
    const auto sweep = test::try_sweep(text, {}, Shard{number, 4});
    valid.push_back(sweep.ok());
    EXPECT_EQ(sweep ? sweep->checked : 1, 1U);
  }
  EXPECT_EQ(std::count(valid.begin(), valid.end(), false), 1);
  EXPECT_FALSE(test::try_sweep(text));
}

}  // namespace
}  // namespace sim
