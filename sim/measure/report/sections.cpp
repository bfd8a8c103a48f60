#include "sim/measure/report/sections.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "sim/base/json/parse_json.h"
#include "sim/base/text/markup.h"

namespace sim {

namespace {

// Then a run leaves out the files that have a row for each update or delivery.
bool records_only_summary(RunFolder& folder) {
  const json_t* const scenario = json_object_get(folder.run(), "scenario");
  return string_of(json_object_get(scenario, "record")) == "summary";
}

}  // namespace

std::string section(std::string_view anchor, std::string_view heading, std::string_view lead,
                    std::string_view inner) {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{1}</h2>\n"
      "<p class=\"lead\">{2}</p>\n{3}</section>\n",
      anchor, heading, lead, inner);
}

std::string figure_place(std::string_view name, RunFolder& folder, const std::string& file,
                         std::string_view empty_means) {
  const CsvColumns* const table = folder.table(file);
  std::string why;
  if (table == nullptr) {
    why = fmt::format(
        "There is no picture here because this folder has no {}{}.", file,
        records_only_summary(folder) ? ": the scenario says \"record\": \"summary\"" : "");
  } else if (table->rows() == 0) {
    why = fmt::format("There is no picture here because {} has no rows: {}.", file, empty_means);
  }
  if (!why.empty()) return fmt::format("<p class=\"missing\">{}</p>\n", html_text(why));
  return fmt::format(
      "<div class=\"figure\" data-figure=\"{}\"><p class=\"needs-script\">The picture needs "
      "JavaScript. Its figures are in <code>{}</code>.</p></div>\n",
      name, file);
}

std::string_view anchor_of(std::string_view metric) {
  static constexpr auto kAnchors = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"propagation", "distributions"},
       {"coverage", "distributions"},
       {"reply", "distributions"},
       {"staleness", "distributions"},
       {"messages", "topology"},
       {"duplicates", "topology"},
       {"echoes", "topology"},
       {"undelivered", "update"},
       {"covered", "update"},
       {"lost", "timeline"},
       {"link_drops", "timeline"},
       {"server_restarts", "timeline"},
       {"handover", "clients"},
       {"connections_lost", "clients"},
       {"query", "queries"},
       {"queries", "queries"},
       {"violations", "verdict"}});
  for (const auto& [start, anchor] : kAnchors) {
    if (metric.starts_with(start)) return anchor;
  }
  return "herds";
}

std::string distributions_section(RunFolder& folder) {
  return section(
      "distributions", "Distributions",
      "How long it took, not on average but for every share of the cases. A line "
      "further to the left is faster.",
      figure_place("distributions", folder, "histograms.csv", "no time of this run is known"));
}

std::string topology_section(RunFolder& folder) {
  return section("topology", "Links and servers",
                 "Where the messages went. Each link has two halves, one for each direction: a "
                 "wide half carried many messages, and the shorter its dashes, the more of them "
                 "were duplicates.",
                 figure_place("topology", folder, "links.csv", "the herds have no links"));
}

std::string update_section(RunFolder& folder) {
  return section("update", "One update",
                 "Choose an update and follow its messages from server to server: as a picture, "
                 "as a replay, and in sentences.",
                 figure_place("update", folder, "updates.csv", "no client sent an update"));
}

}  // namespace sim
