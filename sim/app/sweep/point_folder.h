// Where the results of a sweep's point are, and what is kept of them in memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"

namespace sim {

// Of a point counted from 0, in the sweep's folder: `points/0001`, with as many digits as the last
// point needs.
std::filesystem::path point_folder(const Sweep& sweep, std::size_t point);

// What the folder of a finished point says. None where it is not whole: a file is missing, or
// run.json does not say that the run is complete.
std::optional<PointResult> read_point(const std::filesystem::path& folder);

}  // namespace sim
