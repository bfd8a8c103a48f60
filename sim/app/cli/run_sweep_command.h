// `herdsim run` for a scenario with a sweep.
#pragma once

#include "sim/app/cli/run_command.h"
#include "sim/app/cli/run_output.h"
#include "sim/app/sweep/sweep.h"

namespace sim {

// Runs the sweep's points (with `command.resume`: those that are not finished), writes the results
// to their folder, and adds them to the output. Returns the exit status.
int run_sweep_command(const Sweep& sweep, const RunCommand& command, RunOutput& output);

}  // namespace sim
