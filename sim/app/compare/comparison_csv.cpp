#include <array>
#include <optional>
#include <string_view>

#include "sim/app/compare/formats.h"
#include "sim/base/text/csv_field.h"
#include "sim/base/text/numbers.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr auto kCsvColumns = std::to_array<std::string_view>(
    {"base",         "other",     "point",      "base_herd",  "other_herd",
     "metric",       "base_runs", "other_runs", "pairs",      "base_median",
     "other_median", "method",    "change",     "change_low", "change_high",
     "change_unit",  "p",         "p_adjusted", "verdict",    "gate",
     "gate_state"});

std::string real_cell(std::optional<double> value) { return value ? real_text(*value) : ""; }

void append_row(std::string& out, const std::array<std::string, kCsvColumns.size()>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    append_csv_field(out, cells[i]);
  }
  out += '\n';
}

void append_finding(std::string& out, const std::string& base, const std::string& other,
                    const ComparedHerd& herd, const Finding& finding) {
  const SummaryColumn& column = kSummaryColumns[finding.metric];
  const Change change = finding.change.value_or(Change{});
  const std::string_view unit = change.is_percent ? "percent" : unit_of(column.kind);
  append_row(out, {base,
                   other,
                   herd.point,
                   herd.base_herd,
                   herd.other_herd,
                   std::string(column.name),
                   std::to_string(finding.base_runs),
                   std::to_string(finding.other_runs),
                   std::to_string(finding.pairs),
                   real_cell(finding.base),
                   real_cell(finding.other),
                   std::string(to_string(finding.method)),
                   finding.change ? real_text(change.estimate) : "",
                   real_cell(change.low),
                   real_cell(change.high),
                   finding.change ? std::string(unit) : "",
                   real_cell(finding.p),
                   real_cell(finding.adjusted_p),
                   std::string(to_string(finding.verdict)),
                   finding.gate ? finding.gate->text : "",
                   finding.gate ? std::string(to_string(finding.gate_state)) : ""});
}

}  // namespace

std::string comparison_csv(const Comparison& comparison) {
  std::string out;
  for (const std::string_view name : kCsvColumns) out.append(out.empty() ? "" : ",").append(name);
  out += '\n';
  for (const SideComparison& side : comparison.comparisons) {
    for (const ComparedHerd& herd : side.herds) {
      for (const Finding& each : herd.findings) {
        append_finding(out, comparison.sides.front().name.label,
                       comparison.sides[side.other].name.label, herd, each);
      }
    }
  }
  return out;
}

}  // namespace sim
