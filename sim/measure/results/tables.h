// The CSV files of a run, one function each. results/README.md says what every column means; that
// file, the header rows in tables.cpp and kSummaryColumns have to agree.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct Table {
  std::string_view file;    // its name in the results folder
  RecordLevel least_level;  // what the scenario's `record` has to be for it to be written
  std::optional<FileError> (*write)(const RunResults& run, const std::filesystem::path& file);
};

// Every table there is, in the order in which people read them.
std::span<const Table> tables();

}  // namespace sim
