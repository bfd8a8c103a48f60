// The CSV files of a sweep. results/README.md says what their columns mean.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/measure/results/file_error.h"

namespace sim {

// Every herd of every point that is done: the point, what it has of the swept keys, and the columns
// of a run's summary.csv.
std::optional<FileError> write_sweep_summary(const Sweep& sweep, const SweepResults& results,
                                             const std::filesystem::path& file);

// The medians and spreads over the seeds, for each combination of the other keys, each herd and
// each numeric column of summary.csv.
std::optional<FileError> write_sweep_spreads(const Sweep& sweep, const SweepResults& results,
                                             const std::filesystem::path& file);

// One figure of one herd over the points that agree in all but the seed. All cells are as
// summary.csv has them: by nearest rank each of these figures is one that was measured.
struct Spread {
  std::size_t runs = 0;  // where the figure is known; with none the rest is empty
  std::string_view median, min, max, q1, q3;
};

// The herds of the points that are done of a combination, which count from 0, in their order.
std::vector<std::string> herds_of(const Sweep& sweep, const SweepResults& results,
                                  std::size_t combination);

// Precondition: `column` is one of kSummaryColumns. The texts are the results'.
Spread spread_of(const Sweep& sweep, const SweepResults& results, std::size_t combination,
                 std::string_view herd, std::string_view column);

}  // namespace sim
