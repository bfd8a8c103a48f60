// A run that runs nothing: what would be done, as a file.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/result.h"
#include "sim/measure/results/file_error.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Writes plan.csv into a results folder (results/output_folder.h), and a run.json that says that
// nothing was run. Where the folder holds what a run measured, all of that stays as it is, run.json
// too, and plan.csv is put beside it. Returns how many things are planned.
herd::Result<std::uint64_t, FileError> dry_run(const Scenario& scenario,
                                               const std::filesystem::path& folder);

}  // namespace sim
