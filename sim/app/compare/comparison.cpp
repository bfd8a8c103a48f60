#include "sim/app/compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/app/compare/judge_metric.h"
#include "sim/app/compare/matched_rows.h"
#include "sim/base/text/quoted.h"
#include "sim/measure/statistics/hodges_lehmann.h"
#include "sim/measure/statistics/holm.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

CompareError not_comparable(std::string what) {
  return {CompareError::Kind::kUsage, std::move(what)};
}

std::vector<SeedFigure> figures_in(const SeedRows& rows, std::size_t metric) {
  std::vector<SeedFigure> out;
  for (const ComparedRow* const row : rows) {
    if (row->figures[metric]) out.push_back({row->seed, *row->figures[metric]});
  }
  return out;
}

std::vector<std::string> seeds_without_partner(const SeedRows& rows, const SeedRows& partners) {
  std::vector<std::string> out;
  for (const ComparedRow* const row : rows) {
    const bool has_partner =
        std::any_of(partners.begin(), partners.end(),
                    [&](const ComparedRow* const each) { return each->seed == row->seed; });
    if (!has_partner) out.push_back(row->seed);
  }
  return out;
}

bool all_virtual(const SeedRows& rows) {
  return std::all_of(rows.begin(), rows.end(),
                     [](const ComparedRow* const each) { return each->is_virtual; });
}

const Gate* gate_of(const std::vector<Gate>& gates, std::size_t metric) {
  const auto at = std::find_if(gates.begin(), gates.end(),
                               [&](const Gate& each) { return each.metric == metric; });
  return at == gates.end() ? nullptr : &*at;
}

// Returns the metrics to compare in the order of summary.csv.
std::vector<std::size_t> metrics_of(const CompareOptions& options) {
  std::vector<std::size_t> metrics = options.metrics;
  for (const Gate& gate : options.gates) metrics.push_back(gate.metric);
  std::sort(metrics.begin(), metrics.end());
  metrics.erase(std::unique(metrics.begin(), metrics.end()), metrics.end());
  return metrics;
}

struct HerdContext {
  const std::vector<std::size_t>& metrics;
  const std::vector<Gate>& gates;
  bool same_files = false;
};

ComparedHerd compare_herd(const MatchedRows& match, const HerdContext& context) {
  ComparedHerd herd;
  herd.point = match.point;
  herd.base_herd = match.base_herd;
  herd.other_herd = match.other_herd;
  herd.seeds_only_base = seeds_without_partner(match.base, match.other);
  herd.seeds_only_other = seeds_without_partner(match.other, match.base);
  const bool is_virtual = all_virtual(match.base) && all_virtual(match.other);
  for (const std::size_t metric : context.metrics) {
    FigureRuns runs{figures_in(match.base, metric), figures_in(match.other, metric), false};
    runs.is_exact = context.same_files || (is_virtual && !kSummaryColumns[metric].of_machine);
    const Gate* const gate = gate_of(context.gates, metric);
    if (runs.base.empty() != runs.other.empty()) {
      (runs.base.empty() ? herd.only_other : herd.only_base).push_back(metric);
    }
    if (gate == nullptr && (runs.base.empty() || runs.other.empty())) continue;
    Finding finding = judge_metric(metric, runs);
    if (gate != nullptr) finding.gate = *gate;
    herd.findings.push_back(std::move(finding));
  }
  return herd;
}

// Returns why there are too many runs; empty if there are not.
std::string too_many_runs(const ComparedSide& side, const SeedRows& rows) {
  if (rows.size() <= kMostShiftValues) return "";
  return fmt::format("{} has {} runs at one point (at most {})", without_controls(side.name.folder),
                     rows.size(), kMostShiftValues);
}

template <class Visit>
void for_each_finding(Comparison& comparison, Visit visit) {
  for (SideComparison& side : comparison.comparisons) {
    for (ComparedHerd& herd : side.herds) {
      for (Finding& finding : herd.findings) visit(finding);
    }
  }
}

void adjust_gated(Comparison& comparison) {
  std::vector<Finding*> gated;
  std::vector<double> p_values;
  for_each_finding(comparison, [&](Finding& finding) {
    if (!finding.p) return;
    ++(finding.gate ? comparison.gated_tests : comparison.tested);
    if (!finding.gate) return;
    gated.push_back(&finding);
    p_values.push_back(*finding.p);
  });
  const std::vector<double> adjusted = holm_adjusted(p_values);
  for (std::size_t i = 0; i < gated.size(); ++i) gated[i]->adjusted_p = adjusted[i];
}

// Adds a note if there are too few runs to decide every gate.
void note_weak_gates(Comparison& comparison) {
  double least = 0;
  for_each_finding(comparison, [&](const Finding& finding) {
    if (finding.gate && finding.least_p) least = std::max(least, *finding.least_p);
  });
  const double needed = least * static_cast<double>(comparison.gated_tests);
  if (needed <= kLevel) return;
  comparison.notes.push_back(
      fmt::format("{} gated figures are tested together, and there are too few runs to decide each "
                  "of them: use "
                  "more runs or fewer gates",
                  comparison.gated_tests));
}

herd::Result<SideComparison, CompareError> compare_side(const ComparedSide& base,
                                                        const ComparedSide& other,
                                                        const CompareOptions& options) {
  SideComparison out;
  out.same_run = same_run_words(base, other);
  out.differences = what_differs(base, other);
  Matching matching = match_rows(base, other);
  if (matching.matches.empty()) {
    return not_comparable(fmt::format(
        "{} and {} have nothing to compare: no herd of the same name at the same point (the first "
        "has {}, the second {})",
        sim::quoted(base.name.label), sim::quoted(other.name.label),
        without_controls(matching.only_base.front()),
        without_controls(matching.only_other.front())));
  }
  const std::vector<std::size_t> metrics = metrics_of(options);
  const HerdContext context{metrics, options.gates, is_same_folder(base, other)};
  for (const MatchedRows& match : matching.matches) {
    for (const std::string& why :
         {too_many_runs(base, match.base), too_many_runs(other, match.other)}) {
      if (!why.empty()) return not_comparable(why);
    }
    out.herds.push_back(compare_herd(match, context));
  }
  out.only_base = std::move(matching.only_base);
  out.only_other = std::move(matching.only_other);
  return out;
}

}  // namespace

std::size_t Comparison::count(GateState state) const {
  std::size_t count = 0;
  for (const SideComparison& side : comparisons) {
    if (state == GateState::kMissing) count += side.only_base.size() * gates.size();
    for (const ComparedHerd& herd : side.herds) {
      for (const Finding& each : herd.findings) count += each.gate && each.gate_state == state;
    }
  }
  return count;
}

herd::Result<Comparison, CompareError> compare_sides(std::vector<ComparedSide> sides,
                                                     const CompareOptions& options) {
  Comparison comparison;
  comparison.gates = options.gates;
  for (std::size_t i = 1; i < sides.size(); ++i) {
    auto side = compare_side(sides.front(), sides[i], options);
    if (!side) return side.error();
    side->other = i;
    comparison.comparisons.push_back(std::move(*side));
  }
  comparison.sides = std::move(sides);
  adjust_gated(comparison);
  for_each_finding(comparison, conclude);
  note_weak_gates(comparison);
  return comparison;
}

}  // namespace sim
