// The CSV files of a run, with the columns of each. A test compares results/README.md with them.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/script/spec/column_kind.h"
#include "sim/script/spec/scenario.h"

namespace sim {

inline constexpr std::string_view kSummaryFile = "summary.csv";

struct Table {
  std::string_view file;    // its name in the results folder
  RecordLevel least_level;  // the scenario's `record` must be this or more for it to be written
  std::span<const ColumnEntry> columns;
  std::optional<FileError> (*write)(const RunResults& run, const std::filesystem::path& file);
};

// Returns all tables, in the order in which people read them.
std::span<const Table> tables();

}  // namespace sim
