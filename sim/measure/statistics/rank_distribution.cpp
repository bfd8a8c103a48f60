#include "sim/measure/statistics/rank_distribution.h"

#include <algorithm>
#include <numeric>

namespace sim {
namespace {

std::size_t sum_of(std::span<const std::uint32_t> ranks) {
  return std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
}

}  // namespace

RankDistribution signed_rank_distribution(std::span<const std::uint32_t> ranks) {
  RankDistribution chance(sum_of(ranks) + 1, 0.0);
  chance[0] = 1;
  std::size_t reached = 0;
  for (const std::uint32_t rank : ranks) {
    reached += rank;
    for (std::size_t s = reached + 1; s-- > 0;) {
      chance[s] = (chance[s] + (s >= rank ? chance[s - rank] : 0.0)) / 2;
    }
  }
  return chance;
}

RankDistribution rank_sum_distribution(std::span<const std::uint32_t> ranks, std::size_t chosen) {
  const std::size_t most = sum_of(ranks);
  // ways[k * width + s]: the number of choices of k ranks with the sum s. It may be rounded, like
  // every double.
  const std::size_t width = most + 1;
  std::vector<double> ways((chosen + 1) * width, 0.0);
  ways[0] = 1;
  std::size_t reached = 0;
  for (const std::uint32_t rank : ranks) {
    reached += rank;
    for (std::size_t k = chosen; k > 0; --k) {
      const double* const without = &ways[(k - 1) * width];
      double* const with = &ways[k * width];
      for (std::size_t s = rank; s <= reached; ++s) with[s] += without[s - rank];
    }
  }
  const auto last = ways.end() - static_cast<std::ptrdiff_t>(width);
  RankDistribution chance(last, ways.end());
  const double all = std::accumulate(chance.begin(), chance.end(), 0.0);
  for (double& each : chance) each /= all;
  return chance;
}

double two_sided_p(const RankDistribution& distribution, std::size_t sum) {
  const auto at = distribution.begin() + static_cast<std::ptrdiff_t>(sum);
  const double below = std::accumulate(distribution.begin(), at + 1, 0.0);
  const double above = std::accumulate(at, distribution.end(), 0.0);
  return std::min(1.0, 2 * std::min(below, above));
}

std::size_t sums_in_tail(const RankDistribution& distribution, double tail) {
  constexpr double kRounding = 1e-12;
  const auto least = std::find_if(distribution.begin(), distribution.end(),
                                  [](double chance) { return chance > 0; });
  std::size_t count = 0;
  double together = 0;
  for (auto at = static_cast<std::size_t>(least - distribution.begin()); at < distribution.size();
       at += 2) {
    together += distribution[at];
    if (together >= tail - kRounding) break;
    ++count;
  }
  return count;
}

}  // namespace sim
