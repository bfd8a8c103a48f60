// A dry run: writes the plan of a scenario and runs nothing.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/result.h"
#include "sim/measure/results/file_error.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Writes plan.csv into a results folder (results/output_folder.h), and a run.json that says that
// nothing was run. If the folder holds results of a run, those stay as they are, and plan.csv is
// added to them and to run.json's list of files. Returns the number of planned actions, or an error
// if a file cannot be written.
herd::Result<std::uint64_t, FileError> dry_run(const Scenario& scenario,
                                               const std::filesystem::path& folder);

}  // namespace sim
