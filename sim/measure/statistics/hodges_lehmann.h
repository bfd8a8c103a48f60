// By how much two sets of runs differ: the estimates of Hodges and Lehmann, and their confidence
// intervals, which belong to the tests of rank_tests.h.
#pragma once

#include <cstddef>
#include <span>

namespace sim {

inline constexpr double kConfidence = 0.95;

struct Shift {
  double estimate = 0;
  double low = 0, high = 0;  // an interval with a confidence of at least kConfidence
};

// Return the shift with its interval. The interval is exact for values without ties; ties make it
// wider than it has to be. Its ends are among the values whose median the estimate is. With very
// few values (fewer than 6 pairs, or 4 a side) it is the whole range, with less confidence.
//
// The median of the means of two differences each, a difference with itself included.
// Precondition: 0 < differences.size() <= kMostShiftValues.
Shift paired_shift(std::span<const double> differences);
// The median of the differences between each value of `b` and each of `a`. Precondition: each has
// from 1 to kMostShiftValues values.
Shift unpaired_shift(std::span<const double> a, std::span<const double> b);

inline constexpr std::size_t kMostShiftValues = 2'000;  // their number of pairs is in memory

}  // namespace sim
