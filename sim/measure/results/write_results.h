// Writes all results of a run as files. Callers outside this folder begin here.
#pragma once

#include <filesystem>
#include <optional>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Writes into an existing folder every CSV file that the scenario's `record` asks for, then
// run.json. The latter lists these files and the logs (logs/…) that are already in the folder.
// Stops at the first file that cannot be written and returns the error; the folder must then not be
// used.
std::optional<FileError> write_results(const Scenario& scenario, const RunResults& results,
                                       const std::filesystem::path& folder);

}  // namespace sim
