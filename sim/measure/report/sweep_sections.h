// The static parts of a sweep's page, as sections.h has those of a run.
#pragma once

#include <string>

#include "sim/measure/report/run_folder.h"

namespace sim {

std::string sweep_verdict_section(RunFolder& folder);
// The place of the curves, which the page's program draws.
std::string curves_section(RunFolder& folder);
// All points, those first that failed or whose expectations do not hold, with links to their files.
std::string points_section(RunFolder& folder);

}  // namespace sim
