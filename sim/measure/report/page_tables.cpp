#include "sim/measure/report/page_tables.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "sim/base/text/numbers.h"

namespace sim {
namespace {

using Rows = std::vector<std::size_t>;
using Chosen = std::unordered_set<std::string>;  // keys of updates

constexpr std::size_t kMostEvents = 4'000;
constexpr std::size_t kMostHandovers = 4'000;
constexpr std::size_t kWorstUpdates = 50;  // updates of each herd and measure
constexpr std::size_t kBusiest = 50;       // directions of links of each large herd and measure
constexpr double kMostServersDrawn = 500;  // topology.ts has the same number

// Returns at most `most` of the rows, evenly spread.
Rows evenly(const Rows& rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  Rows kept;
  for (std::size_t i = 0; i < most; ++i) kept.push_back(rows[i * rows.size() / most]);
  return kept;
}

std::string key_of(std::string_view herd, std::string_view update) {
  return std::string(herd) + '\n' + std::string(update);
}

// The first and the last of an update's rows in messages.csv, in which they are neighbours.
struct Flood {
  std::size_t begin, end;
};

Rows whole_floods(const CsvColumns& messages, std::size_t most) {
  const auto herd = messages.find("herd"), update = messages.find("update");
  std::vector<Flood> floods;
  for (std::size_t row = 0; row < messages.rows(); ++row) {
    const bool goes_on = row > 0 && messages.at(row, update) == messages.at(row - 1, update) &&
                         messages.at(row, herd) == messages.at(row - 1, herd);
    if (!goes_on) floods.push_back({row, row});
    floods.back().end = row + 1;
  }
  // The largest step at which the kept floods still fit is found by trying.
  for (std::size_t step = 1;; ++step) {
    Rows rows;
    for (std::size_t f = 0; f < floods.size() && rows.size() <= most; f += step) {
      for (std::size_t row = floods[f].begin; row < floods[f].end; ++row) rows.push_back(row);
    }
    if (rows.size() <= most || step >= floods.size()) return rows;
  }
}

Rows kept_rows(const std::vector<bool>& keep) {
  Rows rows;
  for (std::size_t row = 0; row < keep.size(); ++row) {
    if (keep[row]) rows.push_back(row);
  }
  return rows;
}

// Adds the rows with the largest figures in a column, for each herd.
void add_worst(const CsvColumns& table, std::string_view column, std::size_t worst,
               std::vector<bool>& keep) {
  const auto herd = table.find("herd"), figure = table.find(column);
  std::vector<std::pair<double, std::size_t>> figures;
  const auto flush = [&] {
    const std::size_t most = std::min(worst, figures.size());
    std::partial_sort(figures.begin(), figures.begin() + static_cast<std::ptrdiff_t>(most),
                      figures.end(), [](const auto& a, const auto& b) {
                        return a.first != b.first ? a.first > b.first : a.second < b.second;
                      });
    for (std::size_t i = 0; i < most; ++i) keep[figures[i].second] = true;
    figures.clear();
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (row > 0 && table.at(row, herd) != table.at(row - 1, herd)) flush();
    if (const auto value = read_real(table.at(row, figure))) figures.emplace_back(*value, row);
  }
  flush();
}

Chosen chosen_updates(RunFolder& folder, const DrillDownLimits& limits) {
  Chosen chosen;
  const CsvColumns* const messages = folder.table("messages.csv");
  if (messages == nullptr) return chosen;
  const auto herd = messages->find("herd"), update = messages->find("update");
  for (const std::size_t row : whole_floods(*messages, limits.messages)) {
    chosen.insert(key_of(messages->at(row, herd), messages->at(row, update)));
  }
  return chosen;
}

Rows update_rows(RunFolder& folder, const CsvColumns& updates, const DrillDownLimits& limits) {
  std::vector<bool> keep(updates.rows());
  const Chosen chosen = chosen_updates(folder, limits);
  const auto herd = updates.find("herd"), update = updates.find("update");
  for (std::size_t row = 0; row < updates.rows() && !chosen.empty(); ++row) {
    keep[row] = chosen.contains(key_of(updates.at(row, herd), updates.at(row, update)));
  }
  for (const auto* column : {"coverage_us", "duplicates", "reply_us"}) {
    add_worst(updates, column, kWorstUpdates, keep);
  }
  Rows rest;
  for (std::size_t row = 0; row < updates.rows(); ++row) {
    if (!keep[row]) rest.push_back(row);
  }
  const auto kept = static_cast<std::size_t>(std::count(keep.begin(), keep.end(), true));
  for (const std::size_t row : evenly(rest, limits.updates - std::min(limits.updates, kept))) {
    keep[row] = true;
  }
  return kept_rows(keep);
}

Chosen chosen_large_herds(RunFolder& folder) {
  const std::vector<std::string> herds = large_herds(folder);
  return {herds.begin(), herds.end()};
}

// Returns the rows of all other herds, and of the large ones those that `keep` has.
Rows rows_of_drawn(RunFolder& folder, const CsvColumns& table, std::vector<bool> keep) {
  const Chosen large = chosen_large_herds(folder);
  const auto herd = table.find("herd");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (!large.contains(std::string(table.at(row, herd)))) keep[row] = true;
  }
  return kept_rows(keep);
}

Rows link_rows(RunFolder& folder, const CsvColumns& links) {
  std::vector<bool> keep(links.rows());
  add_worst(links, "messages", kBusiest, keep);
  add_worst(links, "duplicates", kBusiest, keep);
  return rows_of_drawn(folder, links, std::move(keep));
}

Rows event_rows(const CsvColumns& events) {
  Rows rows;
  const auto event = events.find("event"), at = events.find("at_us");
  for (std::size_t row = 0; row < events.rows() && rows.size() < kMostEvents; ++row) {
    const std::string_view name = events.at(row, event);
    const bool is_first_proof =
        (name == "link_proven" || name == "link_in_step") && read_real(events.at(row, at)) == 0;
    if (name != "tree_changed" && name != "map_changed" && !is_first_proof) rows.push_back(row);
  }
  return rows;
}

}  // namespace

const std::vector<PageTable>& page_tables() {
  using enum PackAs;
  static const std::vector<PageTable> kTables = {
      {"timeline.csv",
       {{"herd", kText},
        {"from_us"},
        {"to_us"},
        {"accepted"},
        {"covered"},
        {"deliveries"},
        {"messages"},
        {"duplicates"},
        {"echoes"},
        {"stale"},
        {"lost"},
        {"repairs"},
        {"links_down"},
        {"servers_down"},
        {"open_updates"},
        {"propagation_p50_us"},
        {"propagation_p99_us"},
        {"propagation_max_us"},
        {"reply_p50_us"},
        {"reply_p99_us"},
        {"reply_max_us"}}},
      {"heat.csv", {{"herd", kText}, {"from_us"}, {"to_us"}, {"least_us"}, {"upto_us"}, {"count"}}},
      {"histograms.csv", {{"herd", kText}, {"metric", kText}, {"upto_us"}, {"count"}}},
      {"updates.csv",
       {{"herd", kText},
        {"update"},
        {"client", kText},
        {"origin", kText},
        {"accepted_us"},
        {"outcome", kText},
        {"servers_reached"},
        {"messages"},
        {"duplicates"},
        {"echoes"},
        {"coverage_us"},
        {"reply_us"}},
       true},
      {"messages.csv",
       {{"herd", kText},
        {"update"},
        {"from", kText},
        {"to", kText},
        {"sent_us"},
        {"received_us"},
        {"hops"},
        {"kind", kText},
        {"echo"},
        {"repair"}},
       true},
      {"undelivered.csv",
       {{"herd", kText}, {"update"}, {"server", kText}, {"reason", kText}},
       true},
      {"links.csv",
       {{"herd", kText},
        {"from", kText},
        {"to", kText},
        {"messages"},
        {"duplicates"},
        {"echoes"},
        {"drops"},
        {"down_us"}}},
      {"servers.csv", {{"herd", kText}, {"server", kText}, {"accepted"}, {"restarts"}}},
      {"events.csv", {{"at_us"}, {"herd", kText}, {"event", kText}, {"detail", kText}}},
      {"handovers.csv",
       {{"herd", kText},
        {"client", kText},
        {"at_us"},
        {"from", kText},
        {"to", kText},
        {"connected_us"},
        {"known"},
        {"stale_us"}}},
  };
  return kTables;
}

std::vector<std::size_t> page_rows(RunFolder& folder, const std::string& file,
                                   const DrillDownLimits& limits) {
  const CsvColumns* const table = folder.table(file);
  if (table == nullptr) return {};
  if (file == "messages.csv") return whole_floods(*table, limits.messages);
  if (file == "updates.csv") return update_rows(folder, *table, limits);
  if (file == "undelivered.csv") return evenly(every_row(*table), limits.undelivered);
  if (file == "events.csv") return event_rows(*table);
  if (file == "links.csv") return link_rows(folder, *table);
  if (file == "servers.csv") {
    return rows_of_drawn(folder, *table, std::vector<bool>(table->rows()));
  }
  if (file == "handovers.csv") return evenly(every_row(*table), kMostHandovers);
  return every_row(*table);
}

std::vector<std::string> large_herds(RunFolder& folder) {
  std::vector<std::string> herds;
  const CsvColumns* const summary = folder.table("summary.csv");
  for (std::size_t row = 0; summary != nullptr && row < summary->rows(); ++row) {
    if (read_real(summary->at(row, "servers")).value_or(0) > kMostServersDrawn) {
      herds.emplace_back(summary->at(row, "herd"));
    }
  }
  return herds;
}

}  // namespace sim
