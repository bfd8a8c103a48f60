// Reads the keys of an `engine` that say how clients talk to its servers.
#pragma once

#include "sim/script/read/fields.h"
#include "sim/script/spec/engine_spec.h"

namespace sim {

// Reads these keys of an object that has more.
Dialect read_dialect(ObjectReader& object);
Properties dialect_properties();
// Returns rules of the schema for these keys.
std::vector<Schema> dialect_rules();

}  // namespace sim
