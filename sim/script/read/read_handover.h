// Reads `clients[].handover`.
#pragma once

#include "sim/scenario/client_group.h"
#include "sim/scenario/json_value.h"
#include "sim/scenario/names.h"
#include "sim/scenario/problems.h"

namespace sim {

// `keeps_nearest`: the clients' server is "nearest", so that they go where they are led, and not at
// times of their own. With problems it is read as far as it goes.
Handover read_handover(const JsonNode& node, bool keeps_nearest, const Names& names,
                       Problems& problems);

}  // namespace sim
