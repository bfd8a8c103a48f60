// What a sweep says: how far it is, and at its end what became of its points.
#pragma once

#include <filesystem>
#include <string>

#include "sim/sweep/run_sweep.h"
#include "sim/sweep/sweep.h"
#include "sim/sweep/sweep_results.h"

namespace sim {

// "12 of 40 points, 1 failed"; no line's end.
std::string sweep_progress_line(const SweepProgress& progress);

// UTF-8 text of several lines: a table, at most 100 columns wide, with a row for each combination
// of the swept keys but the seed and each herd, of a few key figures, medians over the seeds; then
// each expectation that does not hold, each point that failed, and where the rest is. `folder` is
// shown as it is given.
std::string sweep_table(const Sweep& sweep, const SweepResults& results,
                        const std::filesystem::path& folder);

}  // namespace sim
