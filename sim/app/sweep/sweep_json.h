// The run.json of a sweep: the swept keys, and the status of each point; of a shard, that of its
// own points.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/base/json/owned_json.h"
#include "sim/measure/results/file_error.h"
#include "sim/measure/results/machine.h"

namespace sim {

// Returns a list of the swept keys, each with its values.
OwnedJson swept_keys_json(const Sweep& sweep);

// Returns a point's number (from 1), values and status, why it failed if it did, and its folder.
OwnedJson point_json(const Sweep& sweep, std::size_t p, const PointResult& point);

// Returns the text of run.json, which ends with a newline.
std::string format_sweep_json(const Sweep& sweep, const SweepResults& results,
                              const Machine& machine);

// Writes run.json into `folder`. Returns an error if that fails.
std::optional<FileError> write_sweep_json(const Sweep& sweep, const SweepResults& results,
                                          const std::filesystem::path& folder);

// Returns why the points in `folder` do not belong to this sweep, for example "is from another
// version (0.9)". Returns an empty string if they do: the version and the scenario with its sweep
// are the same.
std::string why_not_of(const Sweep& sweep, const std::filesystem::path& folder);
// The same for a run.json that has been read already; null if it could not be.
std::string why_not_of(const Sweep& sweep, const json_t* run);

}  // namespace sim
