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

// Writes summary.csv: for every herd of every finished point the point, its values of the swept
// keys, and the columns of a run's summary.csv.
std::optional<FileError> write_sweep_summary(const Sweep& sweep, const SweepResults& results,
                                             const std::filesystem::path& file);

// Writes sweep.csv: the medians and spreads over the seeds, for each combination of the other keys,
// each herd and each numeric column of summary.csv.
std::optional<FileError> write_sweep_spreads(const Sweep& sweep, const SweepResults& results,
                                             const std::filesystem::path& file);

// The columns of sweep.csv behind those of the swept keys.
std::span<const ColumnEntry> spread_columns();

// One figure of one herd over the points that agree in all keys except the seed. The texts are
// cells of summary.csv: by nearest rank each of these figures is one that was measured.
struct Spread {
  std::size_t runs = 0;  // the points in which the figure is known; if 0, the rest is empty
  std::string_view median, min, max, q1, q3;
};

// Returns the herds of the finished points of a combination, in their order. Combinations count
// from 0.
std::vector<std::string> herds_of(const Sweep& sweep, const SweepResults& results,
                                  std::size_t combination);

// `column` is a place in kSummaryColumns. The texts belong to `results`.
Spread spread_of(const Sweep& sweep, const SweepResults& results, std::size_t combination,
                 std::string_view herd, std::size_t column);

}  // namespace sim
