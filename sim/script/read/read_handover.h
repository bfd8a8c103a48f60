// Reads `clients[].handover`.
#pragma once

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/client_group.h"

namespace sim {

// `keeps_nearest`: the clients' server is "nearest", so that they go where they are led, and not at
// times of their own. With problems it is read as far as it goes.
Handover read_handover(const JsonNode& node, bool keeps_nearest, const Names& names,
                       Problems& problems);

}  // namespace sim
