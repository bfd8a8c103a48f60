#include "sim/measure/statistics/hodges_lehmann.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sim/measure/statistics/rank_distribution.h"
#include "sim/measure/statistics/rank_tests.h"

namespace sim {
namespace {

constexpr double kTail = (1 - kConfidence) / 2;
constexpr double kTailQuantile = 1.959963984540054;  // of the normal distribution

std::vector<std::uint32_t> ranks_without_ties(std::size_t count) {
  std::vector<std::uint32_t> ranks(count);
  for (std::size_t i = 0; i < count; ++i) ranks[i] = static_cast<std::uint32_t>(2 * (i + 1));
  return ranks;
}

std::size_t normal_cut(double mean, double variance) {
  return static_cast<std::size_t>(
      std::max(0.0, std::floor(mean - kTailQuantile * std::sqrt(variance))));
}

// Return the rank, counted from 1, of the value at which the interval begins.

std::size_t paired_cut(std::size_t pairs) {
  if (pairs <= kMostExactPairs) {
    return sums_in_tail(signed_rank_distribution(ranks_without_ties(pairs)), kTail);
  }
  const auto n = static_cast<double>(pairs);
  return normal_cut(n * (n + 1) / 4, n * (n + 1) * (2 * n + 1) / 24);
}

std::size_t unpaired_cut(std::size_t a, std::size_t b) {
  if (a + b <= kMostExactValues) {
    return sums_in_tail(rank_sum_distribution(ranks_without_ties(a + b), std::min(a, b)), kTail);
  }
  const auto m = static_cast<double>(a);
  const auto n = static_cast<double>(b);
  return normal_cut(m * n / 2, m * n * (m + n + 1) / 12);
}

double nth(std::vector<double>& values, std::size_t place) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Shift shift_of(std::vector<double>& values, std::size_t cut) {
  const std::size_t first = std::max<std::size_t>(cut, 1) - 1;
  const std::size_t count = values.size();
  return {.estimate = (nth(values, (count - 1) / 2) + nth(values, count / 2)) / 2,
          .low = nth(values, first),
          .high = nth(values, count - 1 - first)};
}

}  // namespace

Shift paired_shift(std::span<const double> differences) {
  std::vector<double> means;
  means.reserve(differences.size() * (differences.size() + 1) / 2);
  for (std::size_t i = 0; i < differences.size(); ++i) {
    for (std::size_t j = i; j < differences.size(); ++j) {
      means.push_back((differences[i] + differences[j]) / 2);
    }
  }
  return shift_of(means, paired_cut(differences.size()));
}

Shift unpaired_shift(std::span<const double> a, std::span<const double> b) {
  std::vector<double> differences;
  differences.reserve(a.size() * b.size());
  for (const double from : a) {
    for (const double to : b) differences.push_back(to - from);
  }
  return shift_of(differences, unpaired_cut(a.size(), b.size()));
}

}  // namespace sim
