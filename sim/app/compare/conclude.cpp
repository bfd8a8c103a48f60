// Verdicts: what a finding means, and whether its gate trips.
#include <algorithm>
#include <array>
#include <cmath>

#include "sim/app/compare/judge_metric.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

bool is_decided(const Finding& finding) {
  switch (finding.method) {
    case Method::kExact:
      return finding.why.empty();
    case Method::kSignedRank:
    case Method::kRankSum:
      return finding.adjusted_p.value_or(*finding.p) <= kLevel;
    case Method::kNotTested:
      return false;
  }
  return false;
}

// By how much a figure is worse, in the unit of its gate; negative if it is better.
struct Worsening {
  double estimate = 0, least = 0, most = 0;  // the last two: its interval, or the estimate
  double bound = 0;                          // that the gate allows

  // Allows for rounding errors.
  bool is_beyond(double amount) const { return amount > bound + 1e-9 * std::max(1.0, bound); }
  bool is_within_both_ways() const { return bound > 0 && !is_beyond(-least) && !is_beyond(most); }
};

Worsening worsening_of(const Finding& finding) {
  const Gate& gate = *finding.gate;
  const Change& change = *finding.change;
  const double base = std::abs(*finding.base);
  const double sign = kSummaryColumns[finding.metric].better == Better::kLower ? 1 : -1;
  const auto in_unit_of_gate = [&](double amount) {
    if (change.is_percent == gate.is_percent) return sign * amount;
    if (!gate.is_percent) return sign * amount / 100 * base;
    return sign * (base == 0 ? amount : amount / base * 100);
  };
  Worsening out;
  out.estimate = in_unit_of_gate(change.estimate);
  const double low = in_unit_of_gate(change.low.value_or(change.estimate));
  const double high = in_unit_of_gate(change.high.value_or(change.estimate));
  out.least = std::min(low, high);
  out.most = std::max(low, high);
  // A base of 0 has no percent: every change of it is beyond.
  out.bound = gate.is_percent && base == 0 ? 0 : gate.most;
  return out;
}

bool is_tested(const Finding& finding) {
  return finding.method == Method::kSignedRank || finding.method == Method::kRankSum;
}

// Returns the verdict of a figure whose difference is decided.
Judgement direction_of(const Finding& finding) {
  const Better better = kSummaryColumns[finding.metric].better;
  if (better == Better::kNeither) return Judgement::kDiffers;
  const bool is_less = finding.change->estimate < 0;
  return is_less == (better == Better::kLower) ? Judgement::kBetter : Judgement::kWorse;
}

Judgement verdict_of(const Finding& finding) {
  if (finding.all_equal && finding.method != Method::kNotTested) return Judgement::kSame;
  const bool is_known = is_decided(finding) && finding.change->estimate != 0;
  const Judgement direction = is_known ? direction_of(finding) : Judgement::kUndecided;
  if (!finding.gate || !is_tested(finding) || direction == Judgement::kBetter) return direction;
  const Worsening worse = worsening_of(finding);
  if (worse.is_within_both_ways()) return Judgement::kSame;
  // Two series of live runs often differ by a little: the second meets a warmer or busier machine.
  return worse.is_beyond(worse.least) ? direction : Judgement::kUndecided;
}

// Whether the figure is beyond its gate.
bool trips(const Finding& finding) {
  const Worsening worse = worsening_of(finding);
  return finding.verdict == Judgement::kWorse && worse.is_beyond(worse.estimate);
}

}  // namespace

std::string_view to_string(Method method) {
  static constexpr std::array<std::string_view, 4> kNames = {"exact", "signed-rank", "rank-sum",
                                                             "not tested"};
  return kNames[static_cast<std::size_t>(method)];
}

std::string_view to_string(Judgement verdict) {
  static constexpr std::array<std::string_view, 5> kNames = {"better", "worse", "same", "differs",
                                                             "undecided"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::string_view to_string(GateState state) {
  static constexpr std::array<std::string_view, 3> kNames = {"held", "tripped", "missing"};
  return kNames[static_cast<std::size_t>(state)];
}

void conclude(Finding& finding) {
  if (!finding.change) {
    finding.gate_state = GateState::kMissing;
    return;
  }
  finding.verdict = verdict_of(finding);
  if (finding.gate) finding.gate_state = trips(finding) ? GateState::kTripped : GateState::kHeld;
}

}  // namespace sim
