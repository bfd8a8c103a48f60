// The page of a run or a sweep that has just been written.
#pragma once

#include "sim/app/cli/run_command.h"
#include "sim/measure/results/output_folder.h"

namespace sim {

// Writes report.html into the finished partial folder, if the command asks for a page and herdsim
// was built with it. A page that cannot be written is told on standard error and fails no run: the
// figures are complete without it.
void add_report(ReportForm form, const OutputFolder& folder);

}  // namespace sim
