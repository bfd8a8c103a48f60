#include "sim/measure/statistics/rank_tests.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "sim/measure/statistics/midranks.h"
#include "sim/measure/statistics/rank_distribution.h"

namespace sim {
namespace {

// Returns the two-sided p-value of a normal variable, `away` from its mean.
double normal_p(double away, double variance, double continuity) {
  if (variance <= 0) return 1;
  const double z = std::max(0.0, std::abs(away) - continuity) / std::sqrt(variance);
  return std::erfc(z / std::numbers::sqrt2);
}

// Returns the sum of t³ − t over the groups of t equal ranks.
double tie_term(std::vector<std::uint32_t> ranks) {
  std::sort(ranks.begin(), ranks.end());
  double sum = 0;
  for (auto first = ranks.begin(); first != ranks.end();) {
    const auto end = std::upper_bound(first, ranks.end(), *first);
    const auto t = static_cast<double>(end - first);
    sum += t * t * t - t;
    first = end;
  }
  return sum;
}

}  // namespace

double signed_rank_p(std::span<const double> differences) {
  std::vector<double> sizes;
  std::vector<bool> positive;
  for (const double each : differences) {
    if (each == 0) continue;
    sizes.push_back(std::abs(each));
    positive.push_back(each > 0);
  }
  if (sizes.empty()) return 1;
  const std::vector<std::uint32_t> ranks = doubled_midranks(sizes);
  std::size_t sum = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) sum += positive[i] ? ranks[i] : 0;
  if (ranks.size() <= kMostExactPairs) return two_sided_p(signed_rank_distribution(ranks), sum);
  const auto n = static_cast<double>(ranks.size());
  const double mean = n * (n + 1) / 4;
  const double variance = n * (n + 1) * (2 * n + 1) / 24 - tie_term(ranks) / 48;
  return normal_p(static_cast<double>(sum) / 2 - mean, variance, 0.5);
}

double rank_sum_p(std::span<const double> a, std::span<const double> b) {
  // The distribution is that of the smaller side, which is less work.
  if (a.size() > b.size()) std::swap(a, b);
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  const std::vector<std::uint32_t> ranks = doubled_midranks(all);
  std::size_t sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += ranks[i];
  if (ranks.size() <= kMostExactValues) {
    return two_sided_p(rank_sum_distribution(ranks, a.size()), sum);
  }
  const auto m = static_cast<double>(a.size());
  const auto n = static_cast<double>(b.size());
  const double mean = m * (m + n + 1) / 2;
  const double variance = m * n / 12 * ((m + n + 1) - tie_term(ranks) / ((m + n) * (m + n - 1)));
  return normal_p(static_cast<double>(sum) / 2 - mean, variance, 0.5);
}

double least_signed_rank_p(std::size_t pairs) {
  return std::min(1.0, std::ldexp(2.0, -static_cast<int>(std::min<std::size_t>(pairs, 1000))));
}

double least_rank_sum_p(std::size_t a, std::size_t b) {
  double choices = 1;
  for (std::size_t i = 1; i <= std::min(a, b); ++i) {
    choices *= static_cast<double>(a + b - std::min(a, b) + i) / static_cast<double>(i);
  }
  return std::min(1.0, 2 / choices);
}

}  // namespace sim
