#include "sim/app/compare/finding_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/time.h"
#include "sim/app/compare/judge_metric.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/numbers.h"
#include "sim/measure/results/human.h"
#include "sim/measure/results/show_cell.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

std::string signed_amount(double amount, ColumnKind kind) {
  if (kind == ColumnKind::kMicros) {
    const herd::Duration size(std::llround(std::abs(amount) * 1000));
    return (amount < 0 ? "-" : "+") + human_duration(size);
  }
  if (kind == ColumnKind::kCount && amount == std::round(amount) && std::abs(amount) < 1e15) {
    return (amount < 0 ? "" : "+") + with_separators(static_cast<std::int64_t>(amount));
  }
  return fmt::format("{:+.3g}", amount);
}

// Returns a percentage without its unit. Large ones need no decimals.
std::string signed_percent(double percent) {
  const double rounded = std::abs(percent) < 0.05 ? 0 : percent;
  return fmt::format("{:+.{}f}", rounded, std::abs(percent) < 1000 ? 1 : 0);
}

std::string p_words(const Finding& finding) {
  const double p = finding.adjusted_p.value_or(*finding.p);
  return p < 0.0005 ? "p < 0.001" : fmt::format("p {:.3f}", p);
}

// Puts a word of the shell in single quotes, if it needs them.
std::string shell_word(const std::string& word) {
  const bool is_plain = std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '.' || c == '-' || c == '_';
  });
  if (is_plain && !word.empty()) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string figure_words(std::size_t metric, std::optional<double> figure) {
  if (!figure) return "–";
  const ColumnKind kind = kSummaryColumns[metric].kind;
  return show_cell(parse_cell(real_text(*figure), kind), kind);
}

std::string change_words(const Finding& finding) {
  if (!finding.change) return "–";
  if (finding.all_equal || finding.change->estimate == 0) return "0";
  if (finding.change->is_percent) return signed_percent(finding.change->estimate) + " %";
  return signed_amount(finding.change->estimate, kSummaryColumns[finding.metric].kind);
}

std::string interval_words(const Finding& finding) {
  if (!finding.change || !finding.change->low) return "";
  const Change& change = *finding.change;
  if (change.is_percent) {
    return fmt::format("{} to {} %", signed_percent(*change.low), signed_percent(*change.high));
  }
  const ColumnKind kind = kSummaryColumns[finding.metric].kind;
  return signed_amount(*change.low, kind) + " to " + signed_amount(*change.high, kind);
}

std::string evidence_words(const Finding& finding) {
  switch (finding.method) {
    case Method::kExact:
      return finding.pairs > 1 ? fmt::format("exact, {} seeds", finding.pairs) : "exact";
    case Method::kSignedRank:
      return fmt::format("{} pairs, {}", finding.pairs, p_words(finding));
    case Method::kRankSum:
      return fmt::format("{} and {} runs, {}", finding.base_runs, finding.other_runs,
                         p_words(finding));
    case Method::kNotTested:
      return "not tested";
  }
  return "";
}

std::string short_evidence_words(const Finding& finding) {
  return finding.p ? p_words(finding) : std::string(to_string(finding.method));
}

std::string run_words(const ComparedHerd& herd) {
  std::size_t base = 0, other = 0, pairs = 0;
  for (const Finding& each : herd.findings) {
    base = std::max(base, each.base_runs);
    other = std::max(other, each.other_runs);
    pairs = std::max(pairs, each.pairs);
  }
  if (base == 1 && other == 1) return pairs == 1 ? "1 run each, of the same seed" : "1 run each";
  if (pairs == base && pairs == other) {
    return fmt::format("{} pairs of runs with the same seed", pairs);
  }
  return fmt::format("{} and {} runs, {} pairs with the same seed", base, other, pairs);
}

std::string gate_words(const Finding& finding) {
  if (!finding.gate) return "";
  const std::string& text = finding.gate->text;
  const std::string bound = text.substr(text.find(':') + 1);
  switch (finding.gate_state) {
    case GateState::kTripped:
      return "FAILED: beyond " + bound;
    case GateState::kMissing:
      return "FAILED: a side does not know it";
    case GateState::kHeld:
      return (finding.verdict == Judgement::kUndecided ? "undecided: " : "held: ") + bound;
  }
  return "";
}

std::string herd_words(const ComparedHerd& herd) {
  const std::string names = herd.base_herd == herd.other_herd
                                ? "herd " + herd.base_herd
                                : "herds " + herd.base_herd + " and " + herd.other_herd;
  return herd.point.empty() ? names : names + " at " + herd.point;
}

std::string metric_names(const std::vector<std::size_t>& metrics) {
  std::string out;
  for (const std::size_t metric : metrics) {
    out.append(out.empty() ? "" : ", ").append(kSummaryColumns[metric].name);
  }
  return out;
}

std::string headline_words(const Comparison& comparison) {
  if (comparison.gates.empty()) return "";
  const std::size_t tripped = comparison.count(GateState::kTripped);
  const std::size_t missing = comparison.count(GateState::kMissing);
  const std::size_t all = tripped + missing + comparison.count(GateState::kHeld);
  if (tripped + missing == 0) return fmt::format("{} of {} gated figures held", all, all);
  std::string out = fmt::format("FAILED: {} of {} gated figures worse", tripped, all);
  if (missing > 0) out += fmt::format(", {} missing", missing);
  return out;
}

std::string repeating_command(const ComparedSide& side) {
  std::string folder = side.name.folder;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  return fmt::format("jq .scenario {} | herdsim run - --set sweep.seed.count=10 --out {}",
                     shell_word(folder + "/run.json"), shell_word(folder + "-10"));
}

std::string not_tested_words(const SideComparison& side) {
  for (const ComparedHerd& herd : side.herds) {
    for (const Finding& each : herd.findings) {
      const bool is_untested = each.method == Method::kNotTested && each.change.has_value();
      if (!is_untested || kSummaryColumns[each.metric].of_machine) continue;
      return each.why + ". To repeat with ten seeds each:";
    }
  }
  return "";
}

std::vector<std::string> test_notes(const Comparison& comparison) {
  std::vector<std::string> notes = comparison.notes;
  if (comparison.gated_tests > 1) {
    notes.push_back(fmt::format(
        "p of the {} gated figures is Holm's: the chance of one false alarm among all of them is "
        "at most {:.0f} %",
        comparison.gated_tests, kLevel * 100));
  }
  if (comparison.tested > 1) {
    notes.push_back(fmt::format(
        "{} figures are each tested alone at {:.0f} %: about {:.0f} of them would look different "
        "by chance. Name those that matter with --fail-on",
        comparison.tested, kLevel * 100,
        std::ceil(static_cast<double>(comparison.tested) * kLevel)));
  }
  return notes;
}

}  // namespace sim
