// Goes on with a sweep that did not come to its end.
#pragma once

#include <optional>

#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/measure/results/output_folder.h"

namespace sim {

// Puts the finished points of the earlier results, and those that a killed run left in the partial
// folder, into the partial folder, and what they say into `results`; nothing else is left there.
// The earlier results stay as they are. Where they are whole they are only read, and nothing is
// there to be run. The folder must have been made with what was left in it kept.
//
// An error where what is there is of another scenario or another version: nothing has changed then.
// Where nothing is there nothing is taken.
std::optional<FileError> take_finished_points(const Sweep& sweep, OutputFolder& folder,
                                              SweepResults& results);

}  // namespace sim
