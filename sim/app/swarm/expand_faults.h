// Partitions, flapping and chaos as the plain cuts, stops and pauses that they are planned to be.
#pragma once

#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// The scenario's JSON with every event that makes faults replaced by the plain ones that come of
// it, in order of time. nullptr where there are none but plain ones. `scenario` is what the
// ordinary reader makes of `root`.
OwnedJson expand_faults(const json_t* root, const Scenario& scenario);

}  // namespace sim
