// Percentiles by nearest rank: the q-quantile of N values is the one of rank ⌈q·N⌉ when they are
// sorted, so always one that was measured, never one in between. It is definition 1, the inverse of
// the empirical distribution function, of R. J. Hyndman and Y. Fan, "Sample Quantiles in
// Statistical Packages", The American Statistician 50 (1996), 361-365.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/time.h"

namespace sim {

// The rank of the (part/whole)-quantile of so many sorted values, counted from 1. Preconditions:
// part <= whole, whole > 0, count > 0, and count * part fits 64 bits.
std::uint64_t nearest_rank(std::uint64_t count, std::uint32_t part, std::uint32_t whole = 100);

// The (part/whole)-quantile: percentile(values, 50) is the median, percentile(values, 999, 1000)
// the 99.9th percentile, percentile(values, 100) the greatest value; the least one for part 0.
// Whole numbers, so that a rank is never off by one for a rounding. Precondition: part <= whole,
// whole > 0. None for no values. Takes linear time and leaves the values in another order.
std::optional<herd::Duration> percentile(std::span<herd::Duration> values, std::uint32_t part,
                                         std::uint32_t whole = 100);

}  // namespace sim
