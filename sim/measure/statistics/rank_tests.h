// Tests whether two sets of runs differ, without an assumption about how their figures are spread.
//
// They are exact up to the numbers of values below, also with ties. With more values they use the
// normal approximation, with corrections for ties and for continuity.
#pragma once

#include <cstddef>
#include <span>

namespace sim {

inline constexpr std::size_t kMostExactPairs = 200;
inline constexpr std::size_t kMostExactValues = 60;  // of both sides together

// Returns the two-sided p-value of Wilcoxon's signed-rank test for the differences of pairs. Pairs
// without a difference are left out, as Wilcoxon did; 1 if none is left.
double signed_rank_p(std::span<const double> differences);

// Returns the two-sided p-value of the rank-sum test of Wilcoxon, Mann and Whitney for two
// independent sets. Precondition: neither is empty.
double rank_sum_p(std::span<const double> a, std::span<const double> b);

// Return the least p-value that these tests can have for these numbers of values without ties.
double least_signed_rank_p(std::size_t pairs);
double least_rank_sum_p(std::size_t a, std::size_t b);

}  // namespace sim
