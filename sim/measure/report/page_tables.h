// The columns of a results folder that the page's program gets, and which of their rows.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/measure/report/pack_columns.h"
#include "sim/measure/report/run_folder.h"

namespace sim {

struct PageTable {
  const char* file;
  std::vector<PackedColumn> columns;
  bool shrinks = false;  // whether DrillDownLimits limit its rows
};

const std::vector<PageTable>& page_tables();

// How many rows the drill-downs (updates.csv, messages.csv, undelivered.csv) may have together. It
// shrinks until the page is small enough.
struct DrillDownLimits {
  std::size_t messages = 24'000;
  std::size_t updates = 12'000;
  std::size_t undelivered = 6'000;

  DrillDownLimits half() const { return {messages / 2, updates / 2, undelivered / 2}; }
};

// Returns the rows of a table that the page gets, in the order of the file:
// - messages.csv: whole updates, evenly spread;
// - updates.csv: those whose messages are there, the worst ones, and an even choice of the rest;
// - events.csv: all except the changes of trees and maps, which can be one for each update;
// - links.csv, servers.csv: all of a herd that a picture can show. If it has too many servers, the
//   page gets its busiest links, those with most duplicates, and no row of servers.csv.
std::vector<std::size_t> page_rows(RunFolder& folder, const std::string& file,
                                   const DrillDownLimits& limits);

// Returns the names of the herds that have too many servers for a picture of their links, in the
// order of summary.csv.
std::vector<std::string> large_herds(RunFolder& folder);

}  // namespace sim
