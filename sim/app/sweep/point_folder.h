// The folder of one point's results, and what is kept of them in memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/sweep/point_origin.h"
#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"

namespace sim {

// Returns the point's folder within the sweep's: `points/0001` for point 0. The name has four
// digits, or as many as the last point needs.
std::filesystem::path point_folder(const Sweep& sweep, std::size_t point);

struct FinishedPoint {
  PointResult result;
  PointOrigin origin;
  std::vector<std::string> files;  // relative to the folder, without run.json
};

// Reads the results of a finished point. Returns why they are not complete if a file is missing or
// cut off, or if run.json does not say that the run is complete: "links.csv is missing".
herd::Result<FinishedPoint, std::string> read_point(const std::filesystem::path& folder);

}  // namespace sim
