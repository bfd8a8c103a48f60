// The end of a sweep that was run or gathered: its tables, its page, its place. A shard has neither
// spreads nor a page: they would say nothing of the sweep.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/app/cli/run_command.h"
#include "sim/app/cli/run_output.h"
#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/measure/results/output_folder.h"

namespace sim {

// Returns the metrics of --columns, which has been checked; none if it was not given.
std::vector<std::size_t> asked_metrics(const std::string& columns);

// Reports a sweep that gave no results, and returns the exit status.
int fail_sweep(const Sweep& sweep, RunOutput& output, const std::string& why);

// Writes all files except the points, which are in the partial folder already, puts the folder in
// its place, and adds the sweep to the output. Returns `status`, or another one if the files could
// not be written; the points are then kept.
int end_sweep(const Sweep& sweep, const SweepResults& results, int status,
              const RunCommand& command, OutputFolder& folder, RunOutput& output);

}  // namespace sim
