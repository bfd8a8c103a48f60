// Checks that the plan of a scenario fits into memory.
#pragma once

#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Estimates what make_plan() and plan_faults() make of a scenario without problems, for all herds
// together. Reports the part that makes the most of it if that is more than kMaxPlanned.
void check_size(const Scenario& scenario, Problems& problems);

}  // namespace sim
