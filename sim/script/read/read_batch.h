// Reads `batch` of a herd: how its servers collect records before they send them.
#pragma once

#include "sim/script/read/json_reader.h"
#include "sim/script/read/names.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// Returns what was read, without what was wrong.
BatchSpec read_batch(const JsonNode& node, const HerdRead& herd, Problems& problems);
Schema batch_schema();

}  // namespace sim
