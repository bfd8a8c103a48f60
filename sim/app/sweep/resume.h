// Resumes a sweep that was interrupted or has failed points.
#pragma once

#include <optional>

#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/measure/results/output_folder.h"

namespace sim {

// Puts the finished points of the earlier results and of interrupted runs into the partial folder,
// reads them into `results`, and removes all else from the partial folder. Does not change the
// earlier results; if they are complete, it only reads them.
//
// Returns an error and changes nothing if the folder belongs to another scenario or another
// version, or if its points are from another program or other data files (point_origin.h). If there
// are no earlier results, there is nothing to take. Precondition: the folder was created with
// Leftover::kKeep, and `results` come from begin_results().
std::optional<FileError> take_finished_points(const Sweep& sweep, OutputFolder& folder,
                                              SweepResults& results);

}  // namespace sim
