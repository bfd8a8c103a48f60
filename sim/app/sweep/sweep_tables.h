// The CSV files of a sweep. results/README.md defines their columns.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/script/spec/column_kind.h"

namespace sim {

inline constexpr std::string_view kSpreadsFile = "sweep.csv";

// Writes summary.csv: one row per herd of each finished point, with the point's number, its values
// of the swept keys, and the columns of a run's summary.csv. Returns an error if the file cannot be
// written.
std::optional<FileError> write_sweep_summary(const Sweep& sweep, const SweepResults& results,
                                             const std::filesystem::path& file);

// Writes sweep.csv: one row per combination of the keys except the seed, per herd and per metric,
// with the median and the spread over the seeds. `metrics` are places of numeric columns in
// kSummaryColumns. Returns an error if the file cannot be written.
std::optional<FileError> write_sweep_spreads(const Sweep& sweep, const SweepResults& results,
                                             const std::filesystem::path& file,
                                             std::span<const std::size_t> metrics);

// Returns the columns of sweep.csv after those of the swept keys.
std::span<const ColumnEntry> spread_columns();

// The values of one column for one herd over the points that differ only in the seed. The texts are
// as in summary.csv. All are values that were measured, because percentiles are nearest-rank.
struct Spread {
  std::size_t runs = 0;  // the points in which the figure is known; if 0, the rest is empty
  std::string_view median, min, max, q1, q3;
};

// Returns the herds of the finished points of a combination, in their order. Combinations count
// from 0.
std::vector<std::string> herds_of(const Sweep& sweep, const SweepResults& results,
                                  std::size_t combination);

// Returns the spread of a column, given by its index in kSummaryColumns. The texts point into
// `results`.
Spread spread_of(const Sweep& sweep, const SweepResults& results, std::size_t combination,
                 std::string_view herd, std::size_t column);

}  // namespace sim
