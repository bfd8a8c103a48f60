// Texts about a sweep for people: its progress, and its results at the end.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "sim/app/sweep/run_sweep.h"
#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/measure/results/text_columns.h"

namespace sim {

// Returns "12 of 40 points, 1 failed", without a newline.
std::string sweep_progress_line(const SweepProgress& progress);

// Returns UTF-8 text of several lines: a table of a few figures, then each expectation that does
// not hold, then the folder. The table has one row per herd and per combination of the swept keys
// except the seed; its figures are medians over the seeds. What failed is red if the screen has
// colours. `folder` is shown as given; nullopt if the files could not be written. `metrics` are
// places of columns in kSummaryColumns, all of which are shown, in several tables if need be; if
// there are none, the table has the usual ones that are known and fit on the screen.
std::string sweep_table(const Sweep& sweep, const SweepResults& results,
                        const std::optional<std::filesystem::path>& folder,
                        const Screen& screen = {}, std::span<const std::size_t> metrics = {});

// Returns one line per reason why points could not be run, with the first of those points and the
// number of others. Empty if none failed.
std::string sweep_failures(const Sweep& sweep, const SweepResults& results);

// Returns the number of points that have not run, and the names of the first of them, a line each.
// Empty if there are none.
std::string missing_points(const Sweep& sweep, const SweepResults& results);

}  // namespace sim
