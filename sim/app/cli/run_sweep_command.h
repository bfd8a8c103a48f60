// `herdsim run` of a scenario with a sweep.
#pragma once

#include <filesystem>

#include "sim/app/cli/commands.h"
#include "sim/app/sweep/sweep.h"

namespace sim {

// Runs what is to be run, writes the results to `folder`, prints the table, and returns the exit
// status.
int run_sweep_command(const Sweep& sweep, const RunCommand& command,
                      const std::filesystem::path& folder);

}  // namespace sim
