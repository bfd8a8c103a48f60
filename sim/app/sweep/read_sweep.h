// Reads the `sweep` key: the swept keys of the scenario and their values.
#pragma once

#include <vector>

#include "sim/app/sweep/sweep.h"
#include "sim/script/read/scenario_document.h"

namespace sim {

// Returns the swept keys in the order of the document, except that the seed comes last. Reports
// errors of the sweep itself; does not check whether a value fits its key.
std::vector<SweptKey> read_sweep(const ScenarioDocument& document, Problems& problems);

}  // namespace sim
