// Reads the `sweep` key: which keys of the scenario take which values.
#pragma once

#include <vector>

#include "sim/app/sweep/sweep.h"
#include "sim/script/read/scenario_document.h"

namespace sim {

// The keys of the document's sweep in their order, but with the seed last. What is wrong with the
// sweep itself is reported; whether a value suits its key is not looked at.
std::vector<SweptKey> read_sweep(const ScenarioDocument& document, Problems& problems);

}  // namespace sim
