#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "sim/app/compare/finding_words.h"
#include "sim/app/compare/formats.h"
#include "sim/app/compare/shown_findings.h"
#include "sim/base/text/utf8.h"
#include "sim/measure/results/text_columns.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr std::size_t kLongestLabel = 16;  // above a column
constexpr std::size_t kLongestValue = 60;  // of a key of the scenario
constexpr std::size_t kMostDifferences = 20;
constexpr std::size_t kMostListed = 10;

// A line with a heading, in the form of the table at the end of a run.
std::string headed(std::string_view heading, std::string_view text) {
  return wrapped(fmt::format("{:<14}", heading), printable(text));
}

std::string value_text(const std::string& json) {
  return json.empty() ? "not set" : shorten(printable(json), kLongestValue);
}

std::string difference_lines(const SideComparison& side) {
  if (!side.same_run.empty()) return headed("the same run", side.same_run);
  std::string out;
  std::size_t shown = 0;
  for (const Difference& each : side.differences) {
    if (shown++ == kMostDifferences) break;
    out += headed(each.topic, fmt::format("{}: {} -> {}", each.key, value_text(each.base),
                                          value_text(each.other)));
  }
  if (side.differences.size() > kMostDifferences) {
    out += headed("", fmt::format("… and {} more (--format json has all)",
                                  side.differences.size() - kMostDifferences));
  }
  return out.empty() ? headed("scenario", "no difference, nor of program and machine") : out;
}

std::string caution_lines(const ComparedSide& base, const ComparedSide& other) {
  std::string out;
  for (const ComparedSide* const side : {&base, &other}) {
    for (const std::string& each : cautions(*side)) {
      out += headed("caution", side->name.label + " " + each);
    }
  }
  return out;
}

std::string finding_table(const std::vector<const Finding*>& rows, const ComparedSide& base,
                          const ComparedSide& other) {
  const auto label = [](const ComparedSide& side) {
    return shorten(printable(side.name.label), kLongestLabel);
  };
  std::vector<Column> columns = {{{"metric"}, true}, {{label(base)}},     {{label(other)}},
                                 {{"change"}},       {{"95 % interval"}}, {{"how known"}, true},
                                 {{"verdict"}, true}};
  for (const Finding* const each : rows) {
    std::string cells[] = {std::string(kSummaryColumns[each->metric].name),
                           figure_words(each->metric, each->base),
                           figure_words(each->metric, each->other),
                           change_words(*each),
                           interval_words(*each),
                           short_evidence_words(*each),
                           std::string(to_string(each->verdict))};
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].cells.push_back(cells[i]);
  }
  const auto is_empty = [](const Column& column) {
    return std::all_of(column.cells.begin() + 1, column.cells.end(),
                       [](const std::string& cell) { return cell.empty(); });
  };
  std::erase_if(columns, is_empty);
  return layout(columns);
}

std::string listed(const std::vector<std::string>& texts) {
  std::string out;
  for (std::size_t i = 0; i < texts.size() && i < kMostListed; ++i) {
    out += (i > 0 ? ", " : "") + texts[i];
  }
  if (texts.size() > kMostListed) out += fmt::format(" and {} more", texts.size() - kMostListed);
  return out;
}

// A line that says what only one side has; empty if that is nothing.
std::string only_line(const ComparedSide& side, const std::vector<std::string>& what,
                      std::string_view noun = "") {
  if (what.empty()) return "";
  return headed("only there", fmt::format("only {} has {}{}", side.name.label, noun, listed(what)));
}

std::string metrics_line(const ComparedSide& side, const std::vector<std::size_t>& metrics) {
  if (metrics.empty()) return "";
  return headed("only there",
                fmt::format("only {} knows {}", side.name.label, metric_names(metrics)));
}

std::string herd_text(const ComparedHerd& herd, const ComparedSide& base,
                      const ComparedSide& other) {
  const ShownFindings shown = shown_findings(herd);
  std::string out = '\n' + wrapped("", printable(herd_words(herd) + ", " + run_words(herd)));
  if (!shown.rows.empty()) out += finding_table(shown.rows, base, other);
  if (!shown.same.empty()) out += headed("same", metric_names(shown.same));
  if (!shown.equal_alone.empty()) {
    out += headed("equal", metric_names(shown.equal_alone) + " (not tested)");
  }
  out += metrics_line(base, herd.only_base) + metrics_line(other, herd.only_other);
  if (herd.seeds_only_base.empty() && herd.seeds_only_other.empty()) return out;
  return out + only_line(base, herd.seeds_only_base, "the seeds ") +
         only_line(other, herd.seeds_only_other, "the seeds ");
}

std::string side_text(const Comparison& comparison, const SideComparison& side) {
  const ComparedSide& base = comparison.sides.front();
  const ComparedSide& other = comparison.sides[side.other];
  std::string out = printable(base.name.label) + " -> " + printable(other.name.label) + "\n\n";
  out += difference_lines(side) + caution_lines(base, other);
  for (const ComparedHerd& herd : side.herds) out += herd_text(herd, base, other);
  const std::string only = only_line(base, side.only_base) + only_line(other, side.only_other);
  if (!only.empty()) out += '\n' + only;
  const std::string not_tested = not_tested_words(side);
  if (not_tested.empty()) return out;
  out += '\n' + wrapped("", not_tested);
  for (const ComparedSide* const each : {&base, &other}) {
    const std::string line = "  " + printable(repeating_command(*each)) + '\n';
    if (out.find(line) == out.npos) out += line;
  }
  return out;
}

// Puts the word for a gate that failed, which begins a line, in red.
std::string with_red_failure(const std::string& lines, const Screen& screen) {
  constexpr std::string_view kFailure = "  FAILED";
  if (!lines.starts_with(kFailure)) return lines;
  return "  " + in_red("FAILED", screen) + lines.substr(kFailure.size());
}

std::string gate_lines(const Comparison& comparison, const Screen& screen) {
  if (comparison.gates.empty()) return "";
  std::string out = "\ngates         " + headline_words(comparison) + '\n';
  for (const SideComparison& side : comparison.comparisons) {
    const std::string& label = comparison.sides[side.other].name.label;
    for (const ComparedHerd& herd : side.herds) {
      for (const Finding& each : herd.findings) {
        if (!each.gate) continue;
        const std::string line = fmt::format(
            "{}  {} of {} in {}: {}", gate_words(each), kSummaryColumns[each.metric].name,
            herd_words(herd), label, each.change ? change_words(each) : std::string("unknown"));
        out += with_red_failure(wrapped("  ", printable(line)), screen);
      }
    }
    for (const std::string& what : side.only_base) {
      const std::string line = fmt::format("FAILED: missing  {} has no {}", label, what);
      out += with_red_failure(wrapped("  ", printable(line)), screen);
    }
  }
  return out;
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const Screen& screen) {
  std::string out;
  for (const SideComparison& side : comparison.comparisons) {
    out += (out.empty() ? "" : "\n") + side_text(comparison, side);
  }
  out += gate_lines(comparison, screen);
  const std::vector<std::string> notes = test_notes(comparison);
  if (!notes.empty()) out += '\n';
  for (const std::string& note : notes) out += headed("note", note);
  return out;
}

}  // namespace sim
