#include "sim/app/compare/judge_metric.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "sim/measure/figures/percentile.h"
#include "sim/measure/statistics/hodges_lehmann.h"
#include "sim/measure/statistics/rank_tests.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

struct Pair {
  double base, other;
};

std::vector<double> figures_of(const std::vector<SeedFigure>& runs) {
  std::vector<double> out;
  out.reserve(runs.size());
  for (const SeedFigure& each : runs) out.push_back(each.figure);
  return out;
}

// Returns the median by nearest rank, which is a measured figure.
std::optional<double> median_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return values[nearest_rank(values.size(), 50) - 1];
}

std::vector<Pair> pairs_of(const FigureRuns& runs) {
  std::map<std::string_view, double> by_seed;
  for (const SeedFigure& each : runs.base) by_seed.emplace(each.seed, each.figure);
  std::vector<Pair> pairs;
  for (const SeedFigure& each : runs.other) {
    const auto base = by_seed.find(each.seed);
    if (base != by_seed.end()) pairs.push_back({base->second, each.figure});
  }
  return pairs;
}

bool all_positive(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double each) { return each > 0; });
}

double percent_of_log(double log_ratio) { return std::expm1(log_ratio) * 100; }

// A shift of logarithms is a change in percent.
Change change_of(const Shift& shift, bool is_percent, bool has_interval) {
  Change change{is_percent, shift.estimate, std::nullopt, std::nullopt};
  if (has_interval) {
    change.low = shift.low;
    change.high = shift.high;
  }
  if (!is_percent) return change;
  change.estimate = percent_of_log(change.estimate);
  if (has_interval) {
    change.low = percent_of_log(*change.low);
    change.high = percent_of_log(*change.high);
  }
  return change;
}

std::vector<double> differences_of(const std::vector<Pair>& pairs, bool as_logs) {
  std::vector<double> out;
  out.reserve(pairs.size());
  for (const Pair& each : pairs) {
    // Equal figures differ by exactly 0, whatever their logarithms are.
    out.push_back(as_logs ? std::log(each.other / each.base) : each.other - each.base);
  }
  return out;
}

Change single_change(double base, double other, ColumnKind kind) {
  if (base == 0 || kind == ColumnKind::kYesNo) return {false, other - base, {}, {}};
  return {true, (other - base) / std::abs(base) * 100, {}, {}};
}

std::string too_few(const FigureRuns& runs, std::size_t pairs) {
  if (runs.base.size() == 1 && runs.other.size() == 1) return "1 run each: not tested";
  return fmt::format(
      "{} and {} runs, {} pairs of the same seed: too few to test (at least {} pairs, or {} runs "
      "a side)",
      runs.base.size(), runs.other.size(), pairs, kLeastPairs, kLeastRuns);
}

// Chooses the method and sets the change and the p-value.
void test_pairs(const std::vector<Pair>& pairs, bool is_percent, Finding& finding) {
  const std::vector<double> differences = differences_of(pairs, is_percent);
  finding.method = Method::kSignedRank;
  finding.change = change_of(paired_shift(differences), is_percent, true);
  finding.p = signed_rank_p(differences);
  finding.least_p = least_signed_rank_p(pairs.size());
}

void test_sides(const FigureRuns& runs, bool is_percent, Finding& finding) {
  std::vector<double> base = figures_of(runs.base), other = figures_of(runs.other);
  finding.method = Method::kRankSum;
  finding.p = rank_sum_p(base, other);
  finding.least_p = least_rank_sum_p(base.size(), other.size());
  for (std::vector<double>* const side : {&base, &other}) {
    for (double& each : *side) each = is_percent ? std::log(each) : each;
  }
  finding.change = change_of(unpaired_shift(base, other), is_percent, true);
}

void subtract(const std::vector<Pair>& pairs, const FigureRuns& runs, bool is_percent,
              Finding& finding) {
  const ColumnKind kind = kSummaryColumns[finding.metric].kind;
  if (runs.is_exact && !pairs.empty()) {
    finding.method = Method::kExact;
  } else {
    finding.method = Method::kNotTested;
    finding.why = too_few(runs, pairs.size());
  }
  if (pairs.size() > 1) {
    const Shift shift = paired_shift(differences_of(pairs, is_percent));
    finding.change = change_of(shift, is_percent, false);
  } else if (pairs.size() == 1) {
    finding.change = single_change(pairs.front().base, pairs.front().other, kind);
  } else {
    finding.change = single_change(*finding.base, *finding.other, kind);
  }
}

// Whether all figures that a method compares are equal.
bool are_equal(const std::vector<Pair>& pairs, const FigureRuns& runs, Method method) {
  if (method == Method::kExact || method == Method::kSignedRank) {
    return std::all_of(pairs.begin(), pairs.end(),
                       [](const Pair& each) { return each.base == each.other; });
  }
  const auto is_first = [&](const SeedFigure& each) {
    return each.figure == runs.base.front().figure;
  };
  return std::all_of(runs.base.begin(), runs.base.end(), is_first) &&
         std::all_of(runs.other.begin(), runs.other.end(), is_first);
}

// Whether exact pairs point in both directions.
bool is_mixed(const std::vector<Pair>& pairs) {
  const auto rises = [](const Pair& each) { return each.other > each.base; };
  const auto falls = [](const Pair& each) { return each.other < each.base; };
  return std::any_of(pairs.begin(), pairs.end(), rises) &&
         std::any_of(pairs.begin(), pairs.end(), falls);
}

}  // namespace

Finding judge_metric(std::size_t metric, const FigureRuns& runs) {
  Finding finding;
  finding.metric = metric;
  finding.base_runs = runs.base.size();
  finding.other_runs = runs.other.size();
  finding.base = median_of(figures_of(runs.base));
  finding.other = median_of(figures_of(runs.other));
  if (!finding.base || !finding.other) return finding;
  const std::vector<Pair> pairs = pairs_of(runs);
  finding.pairs = pairs.size();
  const bool is_percent = all_positive(figures_of(runs.base)) &&
                          all_positive(figures_of(runs.other)) &&
                          kSummaryColumns[metric].kind != ColumnKind::kYesNo;
  if (pairs.size() >= kLeastPairs) {
    test_pairs(pairs, is_percent, finding);
  } else if (runs.is_exact && !pairs.empty()) {
    subtract(pairs, runs, is_percent, finding);
    if (is_mixed(pairs)) finding.why = "its seeds differ in both directions";
  } else if (runs.base.size() >= kLeastRuns && runs.other.size() >= kLeastRuns) {
    test_sides(runs, is_percent, finding);
  } else {
    subtract(pairs, runs, is_percent, finding);
  }
  finding.all_equal = are_equal(pairs, runs, finding.method);
  return finding;
}

}  // namespace sim
