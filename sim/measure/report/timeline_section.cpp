#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <string>

#include "sim/base/text/markup.h"
#include "sim/base/text/numbers.h"
#include "sim/measure/report/html.h"
#include "sim/measure/report/page_tables.h"
#include "sim/measure/report/sections.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

constexpr std::size_t kMostEventsListed = 300;

std::string moment(std::string_view cell) {
  const auto us = read_real(cell);
  return us ? human_duration(herd::Duration(std::llround(*us * 1000))) : std::string();
}

std::string event_list(RunFolder& folder) {
  const CsvColumns* const events = folder.table("events.csv");
  if (events == nullptr) return "<p class=\"missing\">This folder has no events.csv.</p>\n";
  const auto rows = page_rows(folder, "events.csv", {});
  if (rows.empty())
    return "<p>Nothing happened but what the clients did: no event, no fault.</p>\n";
  std::string body;
  for (std::size_t i = 0; i < rows.size() && i < kMostEventsListed; ++i) {
    const auto cell = [&](std::string_view column) {
      return html_text(events->at(rows[i], column));
    };
    const std::string herd = cell("herd");
    body += html_row("td", {moment(events->at(rows[i], "at_us")), herd.empty() ? "all" : herd,
                            cell("event"), cell("detail")});
  }
  const std::string more =
      rows.size() > kMostEventsListed
          ? fmt::format("<p>… and {} more, in <code>events.csv</code>.</p>",
                        with_separators(static_cast<std::int64_t>(rows.size() - kMostEventsListed)))
          : "";
  return fmt::format(
      "<details><summary>What happened, in order: {} event{}</summary>\n<div class=\"scroll tall\" "
      "tabindex=\"0\" role=\"region\" aria-label=\"Events\"><table><thead><tr><th>at</th>"
      "<th>herd</th><th>event</th><th>detail</th></tr></thead><tbody>\n{}</tbody></table></div>{}"
      "</details>\n",
      with_separators(static_cast<std::int64_t>(rows.size())), rows.size() == 1 ? "" : "s", body,
      more);
}

}  // namespace

std::string timeline_section(RunFolder& folder) {
  return section("timeline", "Timeline",
                 "The run from left to right: the faults, and what they did to the herds. Every "
                 "slice keeps its worst case, so that no peak is lost.",
                 figure_place("timeline", folder, "timeline.csv", "no herd has a slice of time") +
                     event_list(folder));
}

}  // namespace sim
