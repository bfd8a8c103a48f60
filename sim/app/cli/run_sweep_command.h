// `herdsim run` for a scenario with a sweep.
#pragma once

#include "sim/app/cli/run_command.h"
#include "sim/app/sweep/sweep.h"

namespace sim {

// Runs the sweep's points (with `command.resume`: those that are not finished), writes the results
// to their folder, and prints the table. Returns the exit status.
int run_sweep_command(const Sweep& sweep, const RunCommand& command);

}  // namespace sim
