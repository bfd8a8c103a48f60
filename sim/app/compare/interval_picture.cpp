#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/app/compare/compare_pictures.h"
#include "sim/app/compare/finding_words.h"
#include "sim/app/compare/shown_findings.h"
#include "sim/base/text/markup.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr double kRowHeight = 20, kNameWidth = 190, kPlotWidth = 380, kWordsWidth = 170;
constexpr double kMostPercent =
    200;  // what is farther out ends at the edge, with its number beside

// Where percentages are drawn.
class PercentAxis {
 public:
  explicit PercentAxis(const std::vector<const Finding*>& rows) {
    for (const Finding* const each : rows) {
      const Change& change = *each->change;
      for (const double end : {change.estimate, change.low.value_or(0), change.high.value_or(0)}) {
        most_ = std::max(most_, std::min(std::abs(end), kMostPercent));
      }
    }
    most_ *= 1.05;
  }

  double at(double percent) const {
    return kNameWidth + kPlotWidth * (std::clamp(percent / most_, -1.0, 1.0) + 1) / 2;
  }

  // A round number of percent between two ticks.
  double step() const {
    for (const double each : {0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0}) {
      if (most_ / each <= 4) return each;
    }
    return 100;
  }

  double most() const { return most_; }

 private:
  double most_ = 1;
};

std::string ticks(const PercentAxis& axis, double height) {
  std::string out;
  const double step = axis.step();
  const int most = static_cast<int>(axis.most() / step);
  for (int tick = -most; tick <= most; ++tick) {
    const double percent = tick * step;
    out += fmt::format(
        "<line class=\"{0}\" x1=\"{1:.1f}\" x2=\"{1:.1f}\" y1=\"0\" y2=\"{2}\"/>"
        "<text class=\"tick\" x=\"{1:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4}{5:g} %</text>\n",
        tick == 0 ? "axis" : "grid", axis.at(percent), height, height + 14, tick > 0 ? "+" : "",
        percent);
  }
  return out;
}

std::string interval_row(const Finding& finding, const PercentAxis& axis, double y) {
  const Change& change = *finding.change;
  std::string out = fmt::format("<text class=\"note\" x=\"0\" y=\"{:.1f}\" dy=\"0.32em\">{}</text>",
                                y, kSummaryColumns[finding.metric].name);
  if (change.low) {
    out += fmt::format(
        "<line class=\"interval {}\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
        to_string(finding.verdict), axis.at(*change.low), axis.at(*change.high), y, y);
  }
  return out + fmt::format(
                   "<circle class=\"estimate {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/><text "
                   "x=\"{:.1f}\" y=\"{:.1f}\" dy=\"0.32em\">{} {}</text>\n",
                   to_string(finding.verdict), axis.at(change.estimate), y,
                   kNameWidth + kPlotWidth + 14, y, html_text(change_words(finding)),
                   to_string(finding.verdict));
}

}  // namespace

std::string interval_picture(const ComparedHerd& herd) {
  std::vector<const Finding*> rows = shown_findings(herd).rows;
  std::erase_if(rows,
                [](const Finding* each) { return !each->change || !each->change->is_percent; });
  if (rows.empty()) return "";
  const PercentAxis axis(rows);
  const double height = kRowHeight * static_cast<double>(rows.size());
  std::string out = fmt::format(
      "<svg role=\"img\" aria-label=\"Changes in percent, which the table repeats in numbers\" "
      "viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\">\n",
      kNameWidth + kPlotWidth + kWordsWidth, height + 20);
  out += ticks(axis, height);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out += interval_row(*rows[i], axis, kRowHeight * (static_cast<double>(i) + 0.5));
  }
  return out + "</svg>\n";
}

}  // namespace sim
