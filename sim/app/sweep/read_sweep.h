// Reads the `sweep` key: which keys of the scenario take which values.
#pragma once

#include <vector>

#include "sim/app/sweep/sweep.h"
#include "sim/script/read/scenario_document.h"
#include "sim/script/read/schema.h"

namespace sim {

// Returns the keys of the document's sweep in their order, but with the seed last. Reports what is
// wrong with the sweep itself, and does not check whether a value suits its key.
std::vector<SweptKey> read_sweep(const ScenarioDocument& document, Problems& problems);
Schema sweep_schema();

}  // namespace sim
