// run.json of a sweep: what was swept, and what became of each point.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/measure/results/machine.h"

namespace sim {

// The text of run.json, which ends in LF.
std::string format_sweep_json(const Sweep& sweep, const SweepResults& results,
                              const Machine& machine);

// Writes it into `folder`.
std::optional<FileError> write_sweep_json(const Sweep& sweep, const SweepResults& results,
                                          const std::filesystem::path& folder);

// Why the folder's points are none of this sweep's, as "is from another version (0.9)". Empty where
// they are: the scenario as run, with its sweep, and the version are the same.
std::string why_not_of(const Sweep& sweep, const std::filesystem::path& folder);

}  // namespace sim
