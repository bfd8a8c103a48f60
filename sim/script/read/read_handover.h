// Reads `clients[].handover`.
#pragma once

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/client_group.h"

namespace sim {

// `keeps_nearest`: the clients' server is "nearest", so that where they are decides when they go,
// and not times of their own. Returns what could be read.
Handover read_handover(const JsonNode& node, bool keeps_nearest, const Names& names,
                       Problems& problems);
Schema handover_schema(bool keeps_nearest);

}  // namespace sim
