// Reads what is a central herd's own, and refuses what means nothing to one.
#pragma once

#include "sim/script/read/json_reader.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Fills in `herd.spec.central`. After the servers and the links were read; its links are a star
// around the first server where the scenario does not name any.
void read_central_herd(ObjectReader& object, ClockKind clock, HerdRead& herd, Problems& problems);

// Of any other herd: refuses the keys that only a central one has.
void refuse_central_keys(ObjectReader& object);

}  // namespace sim
