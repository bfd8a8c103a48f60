// The one way in: everything that a run measured, as files.
#pragma once

#include <filesystem>
#include <optional>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Writes into an existing folder every CSV file that the scenario's `record` asks for, then
// run.json, which names them and the logs that are there already (logs/…). Stops at the first file
// that cannot be written and returns why; the folder is then of no use.
std::optional<FileError> write_results(const Scenario& scenario, const RunResults& results,
                                       const std::filesystem::path& folder);

}  // namespace sim
