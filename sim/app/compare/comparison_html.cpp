#include <fmt/format.h>

#include <string>
#include <string_view>

#include "sim/app/compare/compare_pictures.h"
#include "sim/app/compare/finding_words.h"
#include "sim/app/compare/formats.h"
#include "sim/app/compare/shown_findings.h"
#include "sim/base/text/markup.h"
#include "sim/measure/report/built_in_page.h"
#include "sim/measure/report/html.h"
#include "sim/measure/report/sections.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr std::size_t kMostHerdsDrawn = 24;  // with their distributions; the others are tables only

std::string paragraph(std::string_view text) { return "<p>" + html_text(text) + "</p>\n"; }

std::string scrolling(std::string_view label, std::string_view inner) {
  return fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>\n",
      html_text(label), inner);
}

std::string finding_row_html(const Finding& finding) {
  const SummaryColumn& column = kSummaryColumns[finding.metric];
  const bool failed = finding.gate && finding.gate_state != GateState::kHeld;
  return fmt::format(
      "<tr class=\"{}\"><th scope=\"row\"><span class=\"tip\" title=\"{}\">{}</span></th><td "
      "class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
      "class=\"n\">{}</td><td>{}</td><td class=\"{}\">{}</td><td>{}</td></tr>\n",
      failed ? "failed" : "", html_text(column.meaning), column.name,
      html_text(figure_words(finding.metric, finding.base)),
      html_text(figure_words(finding.metric, finding.other)), html_text(change_words(finding)),
      html_text(interval_words(finding)), html_text(evidence_words(finding)),
      to_string(finding.verdict), to_string(finding.verdict), html_text(gate_words(finding)));
}

std::string findings_html(const std::vector<const Finding*>& rows, const ComparedSide& base,
                          const ComparedSide& other) {
  if (rows.empty()) return "";
  std::string body;
  for (const Finding* const each : rows) body += finding_row_html(*each);
  return scrolling(
      "Figures",
      fmt::format(
          "<table class=\"herds\"><thead><tr><th scope=\"col\">metric</th><th scope=\"col\" "
          "class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" "
          "class=\"n\">change</th><th scope=\"col\" class=\"n\">95 % interval</th><th "
          "scope=\"col\">how known</th><th scope=\"col\">verdict</th><th "
          "scope=\"col\">gate</th></tr></thead><tbody>\n{}</tbody></table>",
          html_text(base.name.label), html_text(other.name.label), body));
}

std::string differences_html(const SideComparison& side, const ComparedSide& base,
                             const ComparedSide& other) {
  if (!side.same_run.empty()) {
    return "<p class=\"headline good\">The same run: " + html_text(side.same_run) + ".</p>\n";
  }
  if (side.differences.empty()) {
    return paragraph("Scenario, program and machine are the same.");
  }
  std::string body;
  const auto value = [](const std::string& json) {
    return json.empty() ? std::string("not set") : "<code>" + html_text(json) + "</code>";
  };
  for (const Difference& each : side.differences) {
    body += html_row("td", {html_text(each.topic), "<code>" + html_text(each.key) + "</code>",
                            value(each.base), value(each.other)});
  }
  return scrolling(
      "What differs",
      fmt::format("<table><thead><tr><th>of the</th><th>key</th><th>{}</th><th>{}</th></tr></thead>"
                  "<tbody>\n{}</tbody></table>",
                  html_text(base.name.label), html_text(other.name.label), body));
}

std::string figure_html(const std::string& picture, std::string_view caption) {
  if (picture.empty()) return "";
  return "<figure><div class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"Picture\">" +
         picture + "</div>\n<figcaption>" + html_text(caption) + "</figcaption></figure>\n";
}

std::string curves_html(const ComparedHerd& herd, const ComparedSide& base,
                        const ComparedSide& other) {
  const auto from = pooled_curves(base, herd.point, herd.base_herd);
  const auto to = pooled_curves(other, herd.point, herd.other_herd);
  std::string out;
  for (const auto& [metric, curve] : from) {
    const auto match = to.find(metric);
    if (match == to.end()) continue;
    out +=
        figure_html(curves_picture(metric, curve, match->second, base.name.label, other.name.label),
                    "Distribution of " + metric +
                        ": the share of values up to each time, all runs of a side "
                        "together. A line further to the left is faster.");
  }
  return out;
}

std::string herd_html(const ComparedHerd& herd, const ComparedSide& base, const ComparedSide& other,
                      bool with_curves) {
  const ShownFindings shown = shown_findings(herd);
  std::string out =
      fmt::format("<h3>{}</h3>\n", html_text(herd_words(herd) + ", " + run_words(herd)));
  out += findings_html(shown.rows, base, other);
  if (!shown.same.empty()) out += paragraph("Same: " + metric_names(shown.same) + ".");
  if (!shown.equal_alone.empty()) {
    out += paragraph("Equal, but not tested: " + metric_names(shown.equal_alone) + ".");
  }
  for (const auto& [side, metrics] :
       {std::pair(&base, &herd.only_base), std::pair(&other, &herd.only_other)}) {
    if (!metrics->empty()) {
      out += paragraph("Only " + side->name.label + " knows " + metric_names(*metrics) + ".");
    }
  }
  out += figure_html(interval_picture(herd),
                     "Changes in percent: a dot for the estimate, a line for its 95 % interval.");
  return out + (with_curves ? curves_html(herd, base, other) : "");
}

std::string side_section(const Comparison& comparison, const SideComparison& side) {
  const ComparedSide& base = comparison.sides.front();
  const ComparedSide& other = comparison.sides[side.other];
  std::string out = differences_html(side, base, other);
  for (const ComparedSide* const each : {&base, &other}) {
    for (const std::string& caution : cautions(*each)) {
      out += "<p class=\"missing\">" + html_text(each->name.label + " " + caution + ".") + "</p>\n";
    }
  }
  for (std::size_t i = 0; i < side.herds.size(); ++i) {
    out += herd_html(side.herds[i], base, other, i < kMostHerdsDrawn);
  }
  for (const auto& [each, list] :
       {std::pair(&base, &side.only_base), std::pair(&other, &side.only_other)}) {
    for (const std::string& what : *list) {
      out += paragraph("Only " + each->name.label + " has " + what + ".");
    }
  }
  if (const std::string why = not_tested_words(side); !why.empty()) {
    out += "<p>" + html_text(why) + " <code>" + html_text(repeating_command(base)) +
           "</code> <code>" + html_text(repeating_command(other)) + "</code></p>\n";
  }
  return section(fmt::format("side-{}", side.other),
                 html_text(base.name.label + " → " + other.name.label),
                 "What differs, then each figure of the second side against the first.", out);
}

std::string verdict_part(const Comparison& comparison) {
  const std::string headline = headline_words(comparison);
  std::string out;
  if (!headline.empty()) {
    const bool good = !headline.starts_with("FAILED");
    out = fmt::format(
        "<p class=\"headline {}\" role=\"status\"><span aria-hidden=\"true\">{}</span> {}.</p>\n",
        good ? "good" : "bad", good ? "✓" : "✗", html_text(headline));
  }
  for (const std::string& note : test_notes(comparison)) out += paragraph(note + ".");
  return out;
}

}  // namespace

std::string comparison_html(const Comparison& comparison) {
  std::string sections = verdict_part(comparison), title;
  for (const ComparedSide& side : comparison.sides) {
    title += (title.empty() ? "" : ", ") + side.name.label;
  }
  for (const SideComparison& side : comparison.comparisons) {
    sections += side_section(comparison, side);
  }
  title = html_text(title);
  return html_head(title + ": herdsim compare", built_in_page().style) +
         fmt::format(
             "<body>\n<header>\n<h1>Comparison of {}</h1>\n</header>\n<main>\n{}</main>\n</body>\n"
             "</html>\n",
             title, sections);
}

}  // namespace sim
