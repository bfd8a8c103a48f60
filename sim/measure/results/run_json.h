// run.json: what ran, on what, and what was expected of it. A folder that has it is a run's.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/measure/results/machine.h"
#include "sim/script/spec/scenario.h"

namespace sim {

inline constexpr const char* kRunFile = "run.json";

// The text of run.json, which ends in LF. `files` are the folder's other files, as paths in it.
std::string format_run_json(const Scenario& scenario, const RunResults& run, const Machine& machine,
                            const std::vector<std::string>& files);

// Writes it into `folder`.
std::optional<FileError> write_run_json(const Scenario& scenario, const RunResults& run,
                                        const Machine& machine,
                                        const std::vector<std::string>& files,
                                        const std::filesystem::path& folder);

// Whether the folder's run.json says that nothing was run. False where it cannot be read: what is
// not known for a plan may be results.
bool is_dry_run(const std::filesystem::path& folder);

}  // namespace sim
