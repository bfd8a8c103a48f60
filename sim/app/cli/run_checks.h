// Checks of what `herdsim run` is asked for, before anything is run.
#pragma once

#include <string>
#include <vector>

#include "sim/app/cli/load_files.h"
#include "sim/app/cli/run_command.h"

namespace sim {

// Returns why the files cannot be run together, or with these options; empty if they can.
std::string why_not_runnable(const std::vector<LoadedFile>& files, const RunCommand& command);

}  // namespace sim
