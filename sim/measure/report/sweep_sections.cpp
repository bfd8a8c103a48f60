#include "sim/measure/report/sweep_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/markup.h"
#include "sim/measure/report/expectation_words.h"
#include "sim/measure/report/sections.h"

namespace sim {
namespace {

constexpr std::size_t kMostPointsListed = 2'000;

std::vector<const json_t*> points_of(RunFolder& folder) {
  std::vector<const json_t*> points;
  const json_t* const list = json_object_get(folder.run(), "points");
  for (std::size_t i = 0; i < json_array_size(list); ++i) {
    points.push_back(json_array_get(list, i));
  }
  return points;
}

std::string_view status_of(const json_t* point) {
  return string_of(json_object_get(point, "status"));
}

std::size_t count_of(const std::vector<const json_t*>& points, std::string_view status) {
  return static_cast<std::size_t>(std::count_if(
      points.begin(), points.end(), [&](const json_t* each) { return status_of(each) == status; }));
}

std::string values_of(const json_t* point) {
  std::string out;
  const char* key = nullptr;
  json_t* value = nullptr;
  json_object_foreach(json_object_get(point, "values"), key, value) {
    out += (out.empty() ? "" : ", ") + std::string(key) + " = " + dump_json(value, 0);
  }
  return html_text(out);
}

// Returns what did not hold in a point.
std::string failures_of(RunFolder& folder, const json_t* point) {
  std::string out(string_of(json_object_get(point, "why")));
  const json_t* const list = json_object_get(folder.run(), "expectations");
  for (std::size_t i = 0; i < json_array_size(list); ++i) {
    const json_t* const each = json_array_get(list, i);
    const bool is_failure =
        json_equal(json_object_get(each, "point"), json_object_get(point, "point")) == 1 &&
        !json_is_true(json_object_get(each, "held"));
    if (!is_failure) continue;
    const std::string_view metric = string_of(json_object_get(each, "metric"));
    out += fmt::format("{}{}: {} is {}, should be {}", out.empty() ? "" : "; ",
                       string_of(json_object_get(each, "herd")), metric,
                       figure_words(metric, json_object_get(each, "figure")), bound_words(each));
  }
  return html_text(out);
}

std::string point_row(RunFolder& folder, const json_t* point) {
  const std::string_view status = status_of(point);
  const std::string number = dump_json(json_object_get(point, "point"), 0);
  const std::string place = html_text(string_of(json_object_get(point, "folder")));
  const bool held = status == "held";
  return fmt::format(
      "<tr class=\"{}\"><td><span class=\"badge\">{} {}</span></td><td>{}</td><td>{}</td><td>{}"
      "</td></tr>\n",
      held ? "held" : "failed", held ? "✓" : "✗", html_text(status),
      place.empty() ? number : fmt::format("<a href=\"./{}/summary.csv\">{}</a>", place, number),
      values_of(point), failures_of(folder, point));
}

}  // namespace

std::string sweep_verdict_section(RunFolder& folder) {
  const auto points = points_of(folder);
  const auto held = count_of(points, "held");
  const bool good = held == points.size();
  std::string words = fmt::format("{} of {} points hold what they expect.", held, points.size());
  const auto add = [&](std::string_view status, std::string_view what) {
    if (const auto count = count_of(points, status); count > 0) {
      words += fmt::format(" {} {}.", count, what);
    }
  };
  add("not held", "do not");
  add("failed", "failed");
  add("not run", "did not run");
  return section(
      "verdict", "Verdict",
      html_text(string_of(json_object_get(json_object_get(folder.run(), "scenario"), "about"))),
      fmt::format("<p class=\"headline {}\" role=\"status\"><span aria-hidden=\"true\">{}</span> "
                  "{}</p>\n",
                  good ? "good" : "bad", good ? "✓" : "✗", words));
}

std::string curves_section(RunFolder& folder) {
  return section("curves", "Curves",
                 "One metric over a swept key: the median over the seeds, and the band in which "
                 "half of the runs are.",
                 figure_place("sweep", folder, "sweep.csv", "no point is finished"));
}

std::string points_section(RunFolder& folder) {
  auto points = points_of(folder);
  std::stable_partition(points.begin(), points.end(),
                        [](const json_t* each) { return status_of(each) != "held"; });
  std::string body;
  for (std::size_t i = 0; i < points.size() && i < kMostPointsListed; ++i) {
    body += point_row(folder, points[i]);
  }
  const std::string more =
      points.size() > kMostPointsListed ? "<p>run.json lists all points.</p>\n" : "";
  return section(
      "points", "Points", "One run for each combination. Those that failed come first.",
      "<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"All points\">"
      "<table><thead><tr><th>status</th><th>point</th><th>values</th><th>what did not "
      "hold</th></tr></thead><tbody>\n" +
          body + "</tbody></table></div>\n" + more);
}

}  // namespace sim
