#include <fmt/format.h>

#include <initializer_list>
#include <string>

#include "sim/app/compare/finding_words.h"
#include "sim/app/compare/formats.h"
#include "sim/app/compare/shown_findings.h"
#include "sim/base/text/utf8.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

// Returns the text as Markdown shows it: nothing in it is markup or ends a cell.
std::string escaped(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_{}[]<>|#&~";
  std::string out;
  for (const char c : printable(text)) {
    if (kMarkup.find(c) != kMarkup.npos) out += '\\';
    out += c;
  }
  return out;
}

std::string table_row(std::initializer_list<std::string> cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += ' ' + cell + (cell.empty() ? "|" : " |");
  return out + '\n';
}

std::string verdict_words(const Finding& finding) {
  const std::string verdict(to_string(finding.verdict));
  return finding.verdict == Judgement::kWorse ? "**" + verdict + "**" : verdict;
}

std::string findings_table(const std::vector<const Finding*>& rows, const ComparedSide& base,
                           const ComparedSide& other) {
  if (rows.empty()) return "";
  std::string out = table_row({"metric", escaped(base.name.label), escaped(other.name.label),
                               "change", "95 % interval", "how known", "verdict", "gate"});
  out += "| --- | ---: | ---: | ---: | ---: | --- | --- | --- |\n";
  for (const Finding* const each : rows) {
    out +=
        table_row({"`" + std::string(kSummaryColumns[each->metric].name) + "`",
                   figure_words(each->metric, each->base), figure_words(each->metric, each->other),
                   change_words(*each), interval_words(*each), escaped(evidence_words(*each)),
                   verdict_words(*each), gate_words(*each)});
  }
  return out + '\n';
}

std::string difference_list(const SideComparison& side) {
  if (!side.same_run.empty()) return "The same run: " + side.same_run + ".\n\n";
  if (side.differences.empty()) return "";
  std::string out = "<details><summary>What differs</summary>\n\n";
  for (const Difference& each : side.differences) {
    out += fmt::format("- {} {}: {} → {}\n", each.topic, escaped(each.key),
                       each.base.empty() ? "not set" : escaped(each.base),
                       each.other.empty() ? "not set" : escaped(each.other));
  }
  return out + "\n</details>\n\n";
}

std::string only_lines(const ComparedSide& side, const std::vector<std::string>& what) {
  std::string out;
  for (const std::string& each : what) {
    out += fmt::format("Only {} has {}.\n\n", escaped(side.name.label), escaped(each));
  }
  return out;
}

std::string herd_part(const ComparedHerd& herd, const ComparedSide& base,
                      const ComparedSide& other) {
  const ShownFindings shown = shown_findings(herd);
  std::string out = fmt::format("#### {}, {}\n\n", escaped(herd_words(herd)), run_words(herd));
  out += findings_table(shown.rows, base, other);
  if (!shown.same.empty()) out += "Same: " + escaped(metric_names(shown.same)) + ".\n\n";
  if (!shown.equal_alone.empty()) {
    out += "Equal, but not tested: " + escaped(metric_names(shown.equal_alone)) + ".\n\n";
  }
  for (const auto& [side, metrics] :
       {std::pair(&base, &herd.only_base), std::pair(&other, &herd.only_other)}) {
    if (metrics->empty()) continue;
    out += fmt::format("Only {} knows {}.\n\n", escaped(side->name.label),
                       escaped(metric_names(*metrics)));
  }
  return out;
}

std::string side_part(const Comparison& comparison, const SideComparison& side) {
  const ComparedSide& base = comparison.sides.front();
  const ComparedSide& other = comparison.sides[side.other];
  std::string out =
      fmt::format("### {} → {}\n\n", escaped(base.name.label), escaped(other.name.label));
  out += difference_list(side);
  for (const ComparedSide* const each : {&base, &other}) {
    for (const std::string& caution : cautions(*each)) {
      out += fmt::format("Caution: {} {}.\n\n", escaped(each->name.label), escaped(caution));
    }
  }
  for (const ComparedHerd& herd : side.herds) out += herd_part(herd, base, other);
  out += only_lines(base, side.only_base) + only_lines(other, side.only_other);
  const std::string not_tested = not_tested_words(side);
  if (not_tested.empty()) return out;
  return out + escaped(not_tested) + "\n\n    " + printable(repeating_command(base)) + "\n    " +
         printable(repeating_command(other)) + "\n\n";
}

}  // namespace

std::string comparison_markdown(const Comparison& comparison) {
  std::string out;
  const std::string headline = headline_words(comparison);
  if (!headline.empty()) out += "**" + headline + "**\n\n";
  for (const SideComparison& side : comparison.comparisons) out += side_part(comparison, side);
  for (const std::string& note : test_notes(comparison)) out += escaped(note) + ".\n\n";
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace sim
