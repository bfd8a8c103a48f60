// Reads the keys that only a central herd has, and refuses those that mean nothing to one.
#pragma once

#include "sim/script/read/fields.h"
#include "sim/script/read/names.h"
#include "sim/script/spec/central_spec.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Refuses the keys that mean nothing to a central herd, and checks its links and the clock.
void check_central_herd(ObjectReader& object, ClockKind clock, const HerdRead& herd);
const Fields<CentralSpec>& central_fields();
// Refuses these keys: the herd is not central.
void refuse_central_keys(ObjectReader& object);
// Returns what the schema of a herd says of central herds.
Schema central_rule();

}  // namespace sim
