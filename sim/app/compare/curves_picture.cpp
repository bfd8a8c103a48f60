#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/time.h"
#include "sim/app/compare/compare_pictures.h"
#include "sim/base/text/markup.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

constexpr double kCurveLeft = 46, kCurveWidth = 660, kCurveHeight = 220;
constexpr std::size_t kMostSteps = 800;  // of one curve

// A logarithmic axis of time, in microseconds.
struct TimeAxis {
  double from = 0, to = 0;  // logarithms of base 10

  double at(double us) const {
    const double log = us > 0 ? std::log10(us) : from;
    return kCurveLeft + kCurveWidth * std::clamp((log - from) / (to - from), 0.0, 1.0);
  }
};

double share_height(double share) { return 8 + kCurveHeight * (1 - share); }

// Returns the axis for both curves; its ends are equal if no value is above 0.
TimeAxis axis_of(const PooledCurve& base, const PooledCurve& other) {
  double least = 0, most = 0;
  for (const PooledCurve* const curve : {&base, &other}) {
    for (const auto& [upto, count] : *curve) {
      if (upto <= 0) continue;
      least = least == 0 ? upto : std::min(least, upto);
      most = std::max(most, upto);
    }
  }
  if (most <= 0) return {};
  return {std::log10(least) - 0.02, std::log10(most) + 0.02};
}

std::string steps_of(const PooledCurve& curve, const TimeAxis& axis) {
  double total = 0, sum = 0;
  for (const auto& [upto, count] : curve) total += count;
  const std::size_t every = curve.size() / kMostSteps + 1;
  std::string out = fmt::format("M{:.1f},{:.1f}", kCurveLeft, share_height(0));
  std::size_t i = 0;
  for (const auto& [upto, count] : curve) {
    sum += count;
    if (++i % every != 0 && i != curve.size()) continue;
    out += fmt::format("H{:.1f}V{:.1f}", axis.at(upto), share_height(sum / total));
  }
  return out + fmt::format("H{:.1f}", kCurveLeft + kCurveWidth);
}

std::string curve_axes(const TimeAxis& axis) {
  std::string out;
  for (const int percent : {0, 25, 50, 75, 100}) {
    const double y = share_height(percent / 100.0);
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/><text "
        "class=\"tick\" x=\"{3}\" y=\"{2:.1f}\" dy=\"0.32em\" text-anchor=\"end\">{4} %</text>\n",
        kCurveLeft, kCurveLeft + kCurveWidth, y, kCurveLeft - 5, percent);
  }
  const int last = static_cast<int>(std::floor(axis.to));
  for (int decade = static_cast<int>(std::floor(axis.from)); decade <= last; ++decade) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double us = digit * std::pow(10, decade);
      if (std::log10(us) < axis.from || std::log10(us) > axis.to) continue;
      const herd::Duration time(std::llround(us * 1000));
      out +=
          fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>",
                      axis.at(us), share_height(1), share_height(0));
      if (digit == 1 || axis.to - axis.from < 3) {
        out += fmt::format(
            "<text class=\"tick\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
            axis.at(us), share_height(0) + 16, human_duration(time));
      }
    }
  }
  return out;
}

std::string legend_key(std::string_view label, int number, double x) {
  return fmt::format(
      "<path class=\"curve herd-{0}\" {1} d=\"M{2},{3}h30\"/><text x=\"{4}\" y=\"{3}\" "
      "dy=\"0.32em\">{5}</text>\n",
      number, number == 0 ? "" : "stroke-dasharray=\"6 3\"", x, kCurveHeight + 44, x + 36,
      html_text(label));
}

}  // namespace

std::string curves_picture(std::string_view metric, const PooledCurve& base,
                           const PooledCurve& other, std::string_view base_label,
                           std::string_view other_label) {
  const TimeAxis axis = axis_of(base, other);
  if (base.empty() || other.empty() || axis.from == axis.to) return "";
  std::string out = fmt::format(
      "<svg role=\"img\" aria-label=\"Cumulative distributions of {2}\" viewBox=\"0 0 {0} {1}\" "
      "width=\"{0}\" height=\"{1}\">\n",
      kCurveLeft + kCurveWidth + 24, kCurveHeight + 54, html_text(metric));
  out += curve_axes(axis);
  out += fmt::format("<path class=\"curve herd-0\" d=\"{}\"/>\n", steps_of(base, axis));
  out += fmt::format("<path class=\"curve herd-1\" stroke-dasharray=\"6 3\" d=\"{}\"/>\n",
                     steps_of(other, axis));
  out += legend_key(base_label, 0, kCurveLeft);
  out += legend_key(other_label, 1, kCurveLeft + kCurveWidth / 2);
  return out + "</svg>\n";
}

}  // namespace sim
