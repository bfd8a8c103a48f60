#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "sim/base/text/markup.h"
#include "sim/measure/report/html.h"
#include "sim/measure/report/sections.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

std::string by_status(const CsvColumns& queries) {
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> counts;
  const auto herd = queries.find("herd"), status = queries.find("status");
  for (std::size_t row = 0; row < queries.rows(); ++row) {
    ++counts[{queries.at(row, herd), queries.at(row, status)}];
  }
  std::string body;
  for (const auto& [key, count] : counts) {
    body += html_row(
        "td", {html_text(key.first), key.second.empty() ? "no answer came" : html_text(key.second),
               with_separators(static_cast<std::int64_t>(count))});
  }
  return "<table><thead>" + html_row("th", {"herd", "answer", "queries"}) + "</thead><tbody>\n" +
         body + "</tbody></table>\n";
}

}  // namespace

std::string queries_section(RunFolder& folder) {
  const CsvColumns* const queries = folder.table("queries.csv");
  const std::string_view lead =
      "Questions of clients for places near another client (<code>WHATSAT</code>).";
  if (queries == nullptr || queries->rows() == 0) {
    return section("queries", "Queries", lead,
                   "<p class=\"missing\">Nothing to show: no client of this scenario sent a "
                   "query.</p>\n");
  }
  return section("queries", "Queries", lead,
                 by_status(*queries) + figure_place("queries", folder, "histograms.csv",
                                                    "no time of this run is known"));
}

}  // namespace sim
