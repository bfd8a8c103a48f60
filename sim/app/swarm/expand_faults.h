// Replaces partitions, flapping and chaos by the cuts, stops and pauses that they are planned to
// be.
#pragma once

#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns the scenario's JSON with every fault as an event of its own, in order of time, in place
// of compound events; null if it has no compound events. `scenario` is what the reader returned for
// `root`.
OwnedJson expand_faults(const json_t* root, const Scenario& scenario);

}  // namespace sim
