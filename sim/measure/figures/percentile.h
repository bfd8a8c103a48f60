// Percentiles by nearest rank. The q-quantile of N values is the value of rank ⌈q·N⌉ in sorted
// order. It is always a measured value, never one between two. This is definition 1, the inverse of
// the empirical distribution function, of R. J. Hyndman and Y. Fan, "Sample Quantiles in
// Statistical Packages", The American Statistician 50 (1996), 361-365.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/time.h"

namespace sim {

// Returns the rank, counted from 1, of the (part/whole)-quantile of `count` sorted values.
// Preconditions: part <= whole, whole > 0, count > 0, and count * part fits in 64 bits.
std::uint64_t nearest_rank(std::uint64_t count, std::uint32_t part, std::uint32_t whole = 100);

// Returns the (part/whole)-quantile; nullopt if there are no values. percentile(values, 50) is the
// median, percentile(values, 999, 1000) is the 99.9th percentile, percentile(values, 100) is the
// largest value; part 0 gives the smallest. The arguments are integers, so that rounding never
// shifts a rank by one. Preconditions: part <= whole, whole > 0. Takes linear time and reorders the
// values.
std::optional<herd::Duration> percentile(std::span<herd::Duration> values, std::uint32_t part,
                                         std::uint32_t whole = 100);
std::optional<std::uint32_t> percentile(std::span<std::uint32_t> values, std::uint32_t part,
                                        std::uint32_t whole = 100);

}  // namespace sim
