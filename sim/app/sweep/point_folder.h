// The folder of one point's results, and what is kept of them in memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"

namespace sim {

// Returns the point's folder within the sweep's: `points/0001` for point 0. The name has four
// digits, or as many as the last point needs.
std::filesystem::path point_folder(const Sweep& sweep, std::size_t point);

// Reads the results of a finished point. Returns nullopt if they are not complete: a file is
// missing, or run.json does not say that the run is complete.
std::optional<PointResult> read_point(const std::filesystem::path& folder);

}  // namespace sim
