// The exact distributions of the rank statistics of Wilcoxon and of Mann and Whitney, if it is pure
// chance which ranks count. They are permutation distributions of the ranks that are given, so
// they stay exact if values are equal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sim {

// Place s of a distribution has the probability that the sum of the ranks that count is s.
using RankDistribution = std::vector<double>;

// Each rank counts with probability 1/2, by itself. Takes time and memory like the number of ranks
// times their sum.
RankDistribution signed_rank_distribution(std::span<const std::uint32_t> ranks);

// Exactly `chosen` of the ranks count, every choice with the same probability. Takes time like the
// number of ranks times `chosen` times the sum of the ranks. Precondition: chosen <= ranks.size().
RankDistribution rank_sum_distribution(std::span<const std::uint32_t> ranks, std::size_t chosen);

// Returns the two-sided p-value of a sum: twice the probability of the smaller tail, which includes
// the sum itself, and at most 1.
double two_sided_p(const RankDistribution& distribution, std::size_t sum);

// Returns the number of possible sums, from the least one on, whose probabilities together stay
// below `tail`. Precondition: the ranks were twice 1, 2, 3 …, as they are without ties.
std::size_t sums_in_tail(const RankDistribution& distribution, double tail);

}  // namespace sim
