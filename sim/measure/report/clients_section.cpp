#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/text/markup.h"
#include "sim/base/text/numbers.h"
#include "sim/measure/report/html.h"
#include "sim/measure/report/sections.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

constexpr std::size_t kWorstClients = 20;

std::string micros(std::string_view cell) {
  const auto us = read_real(cell);
  return us ? human_duration(herd::Duration(std::llround(*us * 1000))) : "–";
}

// Returns the rows of the clients that waited longest for an answer, worst first.
std::vector<std::size_t> worst_clients(const CsvColumns& clients) {
  std::vector<std::pair<double, std::size_t>> order;
  const auto reply = clients.find("reply_max_us");
  for (std::size_t row = 0; row < clients.rows(); ++row) {
    order.emplace_back(read_real(clients.at(row, reply)).value_or(-1), row);
  }
  const std::size_t most = std::min(kWorstClients, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                    [](const auto& a, const auto& b) {
                      return a.first != b.first ? a.first > b.first : a.second < b.second;
                    });
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < most; ++i) rows.push_back(order[i].second);
  return rows;
}

std::string worst_table(RunFolder& folder) {
  const CsvColumns* const clients = folder.table("clients.csv");
  if (clients == nullptr || clients->rows() == 0) {
    return "<p class=\"missing\">clients.csv has no rows: the script has no clients.</p>\n";
  }
  std::string body;
  for (const std::size_t row : worst_clients(*clients)) {
    const auto cell = [&](std::string_view column) { return html_text(clients->at(row, column)); };
    body += html_row(
        "td",
        {cell("herd"), cell("client"), cell("updates"), micros(clients->at(row, "reply_p50_us")),
         micros(clients->at(row, "reply_max_us")), cell("handovers"), cell("connections_lost"),
         cell("refusals"), cell("closings"), cell("silences")});
  }
  return "<h3>The clients that waited longest for an answer</h3>\n<div class=\"scroll\" "
         "tabindex=\"0\" role=\"region\" aria-label=\"Slowest clients\"><table><thead>" +
         html_row("th", {"herd", "client", "updates", "reply p50", "reply max", "handovers",
                         "connections lost", "refused", "closed", "silent"}) +
         "</thead><tbody>\n" + body + "</tbody></table></div>\n";
}

}  // namespace

std::string clients_section(RunFolder& folder) {
  return section(
      "clients", "Clients",
      "What the clients saw: what came of their lines, and what a new server knew of "
      "them after a handover.",
      "<div class=\"figure\" data-figure=\"outcomes\"></div>\n" +
          figure_place("handovers", folder, "handovers.csv", "no client changed its server") +
          worst_table(folder));
}

}  // namespace sim
