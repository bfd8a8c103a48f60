#include <utility>

#include "sim/app/compare/finding_words.h"
#include "sim/app/compare/formats.h"
#include "sim/app/compare/judge_metric.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/measure/statistics/hodges_lehmann.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr int kFormatVersion = 1;

OwnedJson new_object() { return OwnedJson(json_object()); }
OwnedJson new_array() { return OwnedJson(json_array()); }

OwnedJson names_json(const std::vector<std::size_t>& metrics) {
  OwnedJson list = new_array();
  for (const std::size_t metric : metrics) add(list.get(), kSummaryColumns[metric].name);
  return list;
}

// A pair of lists: what only the base has, and what only the other side has.
OwnedJson only_json(OwnedJson base, OwnedJson other) {
  OwnedJson object = new_object();
  put(object.get(), "base", std::move(base));
  put(object.get(), "other", std::move(other));
  return object;
}

OwnedJson side_json(const ComparedSide& side) {
  OwnedJson object = new_object();
  put(object.get(), "label", side.name.label);
  put(object.get(), "folder", side.name.folder);
  put(object.get(), "herd", json_text_or_null(side.name.herd));
  put(object.get(), "kind", side.is_sweep() ? "sweep" : "run");
  put(object.get(), "complete", json_flag(side.is_complete()));
  put(object.get(), "schedule_lag_p99_us", json_figure(side.lag_p99_us));
  put(object.get(), "cautions", json_texts(cautions(side)));
  return object;
}

// A value of a scenario as it is; null if it is not set.
OwnedJson value_json(const std::string& text) {
  OwnedJson value = parse_json(text, JSON_DECODE_ANY);
  return value ? std::move(value) : OwnedJson(json_null());
}

OwnedJson difference_json(const Difference& difference) {
  OwnedJson object = new_object();
  put(object.get(), "topic", difference.topic);
  put(object.get(), "key", difference.key);
  put(object.get(), "base", value_json(difference.base));
  put(object.get(), "other", value_json(difference.other));
  return object;
}

OwnedJson change_json(const Finding& finding) {
  if (!finding.change) return OwnedJson(json_null());
  const Change& change = *finding.change;
  OwnedJson object = new_object();
  put(object.get(), "unit",
      change.is_percent ? "percent" : unit_of(kSummaryColumns[finding.metric].kind));
  put(object.get(), "estimate", json_figure(change.estimate));
  put(object.get(), "low", json_figure(change.low));
  put(object.get(), "high", json_figure(change.high));
  return object;
}

std::string_view word_of_better(Better better) {
  switch (better) {
    case Better::kNeither:
      return "neither";
    case Better::kLower:
      return "lower";
    case Better::kHigher:
      return "higher";
  }
  return "";
}

OwnedJson finding_json(const Finding& finding) {
  const SummaryColumn& column = kSummaryColumns[finding.metric];
  OwnedJson object = new_object();
  put(object.get(), "metric", column.name);
  put(object.get(), "better", word_of_better(column.better));
  put(object.get(), "base", json_figure(finding.base));
  put(object.get(), "other", json_figure(finding.other));
  put(object.get(), "base_runs", json_count(finding.base_runs));
  put(object.get(), "other_runs", json_count(finding.other_runs));
  put(object.get(), "pairs", json_count(finding.pairs));
  put(object.get(), "method", to_string(finding.method));
  put(object.get(), "change", change_json(finding));
  put(object.get(), "p", json_figure(finding.p));
  put(object.get(), "p_adjusted", json_figure(finding.adjusted_p));
  put(object.get(), "verdict", to_string(finding.verdict));
  if (!finding.why.empty()) put(object.get(), "why", finding.why);
  if (!finding.gate) return object;
  OwnedJson gate = new_object();
  put(gate.get(), "fail_on", finding.gate->text);
  put(gate.get(), "state", to_string(finding.gate_state));
  put(object.get(), "gate", std::move(gate));
  return object;
}

OwnedJson herd_json(const ComparedHerd& herd) {
  OwnedJson findings = new_array();
  for (const Finding& each : herd.findings) add(findings.get(), finding_json(each));
  OwnedJson object = new_object();
  put(object.get(), "point", herd.point);
  put(object.get(), "base_herd", herd.base_herd);
  put(object.get(), "other_herd", herd.other_herd);
  put(object.get(), "metrics", std::move(findings));
  put(object.get(), "metrics_of_one_side",
      only_json(names_json(herd.only_base), names_json(herd.only_other)));
  put(object.get(), "seeds_of_one_side",
      only_json(json_texts(herd.seeds_only_base), json_texts(herd.seeds_only_other)));
  return object;
}

OwnedJson comparison_object(const Comparison& comparison, const SideComparison& side) {
  OwnedJson differences = new_array(), herds = new_array();
  for (const Difference& each : side.differences) {
    add(differences.get(), difference_json(each));
  }
  for (const ComparedHerd& each : side.herds) add(herds.get(), herd_json(each));
  OwnedJson object = new_object();
  put(object.get(), "base", comparison.sides.front().name.label);
  put(object.get(), "other", comparison.sides[side.other].name.label);
  put(object.get(), "same_run", json_flag(!side.same_run.empty()));
  put(object.get(), "differences", std::move(differences));
  put(object.get(), "herds", std::move(herds));
  put(object.get(), "herds_of_one_side",
      only_json(json_texts(side.only_base), json_texts(side.only_other)));
  return object;
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  OwnedJson sides = new_array(), comparisons = new_array();
  for (const ComparedSide& each : comparison.sides) add(sides.get(), side_json(each));
  for (const SideComparison& each : comparison.comparisons) {
    add(comparisons.get(), comparison_object(comparison, each));
  }
  OwnedJson gates = new_object();
  for (const GateState state : {GateState::kHeld, GateState::kTripped, GateState::kMissing}) {
    put(gates.get(), to_string(state), json_count(comparison.count(state)));
  }
  const OwnedJson document = begin_output_json(kFormatVersion);
  put(document.get(), "level", json_figure(kLevel));
  put(document.get(), "confidence", json_figure(kConfidence));
  put(document.get(), "sides", std::move(sides));
  put(document.get(), "comparisons", std::move(comparisons));
  put(document.get(), "gates", std::move(gates));
  put(document.get(), "notes", json_texts(test_notes(comparison)));
  return dump_json(document.get(), 2) + '\n';
}

}  // namespace sim
