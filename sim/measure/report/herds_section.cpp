#include <fmt/format.h>

#include <cstddef>
#include <string>

#include "sim/base/text/markup.h"
#include "sim/measure/report/sections.h"
#include "sim/measure/results/show_cell.h"
#include "sim/measure/results/shown_columns.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

std::string_view better_words(Better better) {
  switch (better) {
    case Better::kLower:
      return "lower";
    case Better::kHigher:
      return "higher";
    case Better::kNeither:
      return "";
  }
  return "";
}

bool says_nothing(std::string_view cell) { return cell.empty() || cell == "0" || cell == "inside"; }

// Whether the table needs the row: a rare figure is left out if every herd has nothing there.
bool worth_showing(const CsvColumns& summary, const SummaryColumn& column) {
  const auto at = summary.find(column.name);
  if (!at) return false;
  for (std::size_t row = 0; row < summary.rows(); ++row) {
    const std::string_view cell = summary.at(row, at);
    if (!column.shown.same_as.empty()) {
      if (!cell.empty() && cell != summary.at(row, column.shown.same_as)) return true;
    } else if (column.shown.rare ? !says_nothing(cell) : !cell.empty()) {
      return true;
    }
  }
  return false;
}

std::string cell_html(std::string_view cell, const SummaryColumn& column) {
  if (cell.empty()) {
    const std::string why(column.empty_when.empty()
                              ? "this herd was not observed in a way that tells"
                              : column.empty_when);
    return fmt::format("<td class=\"n unknown\" data-value=\"\">unknown<small>{}</small></td>",
                       html_text(why));
  }
  return fmt::format("<td class=\"{}\" data-value=\"{}\">{}</td>", column.numeric() ? "n" : "t",
                     html_text(cell),
                     html_text(show_cell(parse_cell(cell, column.kind), column.kind)));
}

std::string row_html(const CsvColumns& summary, const SummaryColumn& column) {
  // A bar or a difference of yes and no would say nothing.
  const bool is_number = column.numeric() && column.kind != ColumnKind::kYesNo;
  std::string out = fmt::format(
      "<tr data-metric=\"{}\" data-better=\"{}\" data-kind=\"{}\"><th scope=\"row\"><span "
      "class=\"tip\" title=\"{}\">{}</span></th>",
      column.name, better_words(column.better), is_number ? "number" : "text",
      html_text(column.meaning), html_text(column.shown.label));
  for (std::size_t row = 0; row < summary.rows(); ++row) {
    out += cell_html(summary.at(row, column.name), column);
  }
  return out + "</tr>\n";
}

}  // namespace

std::string herds_section(RunFolder& folder) {
  const CsvColumns* const summary = folder.table("summary.csv");
  if (summary == nullptr || summary->rows() == 0) {
    return section("herds", "Herds side by side", "",
                   "<p class=\"missing\">No herd has results: summary.csv has no rows.</p>\n");
  }
  std::string head = "<tr><th scope=\"col\">figure</th>";
  for (std::size_t row = 0; row < summary->rows(); ++row) {
    const std::string name = html_text(summary->at(row, "herd"));
    head += fmt::format("<th scope=\"col\" class=\"n\" data-herd=\"{0}\">{0}</th>", name);
  }
  std::string body;
  for (const std::size_t index : shown_columns()) {
    const SummaryColumn& column = kSummaryColumns[index];
    if (worth_showing(*summary, column)) body += row_html(*summary, column);
  }
  return section(
      "herds", "Herds side by side",
      summary->rows() > 1 ? "Every herd had exactly the same clients and the same faults."
                          : "The figures of the whole run.",
      "<div class=\"figure\" data-figure=\"herds\"></div>\n<div class=\"scroll\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"Figures of the herds\"><table class=\"herds\"><thead>" +
          head + "</tr></thead><tbody>\n" + body + "</tbody></table></div>\n");
}

}  // namespace sim
