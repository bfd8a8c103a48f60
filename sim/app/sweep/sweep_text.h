// What a sweep says: how far it is, and at its end what became of its points.
#pragma once

#include <filesystem>
#include <string>

#include "sim/app/sweep/run_sweep.h"
#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"

namespace sim {

// "12 of 40 points, 1 failed"; no line's end.
std::string sweep_progress_line(const SweepProgress& progress);

// UTF-8 text of several lines: a table, at most 100 columns wide, with a row for each combination
// of the swept keys but the seed and each herd, of a few key figures, medians over the seeds; then
// each expectation that does not hold, and where the rest is. `folder` is shown as it is given.
std::string sweep_table(const Sweep& sweep, const SweepResults& results,
                        const std::filesystem::path& folder);

// Why points could not be carried out: a line for each reason, with the first point that has it and
// how many more do. Empty where none failed.
std::string sweep_failures(const Sweep& sweep, const SweepResults& results);

}  // namespace sim
