// Reads `herds[].keepalive`.
#pragma once

#include <optional>

#include "core/keep_alive.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"

namespace sim {

// `round_trip`: there and back over the herd's slowest link; no end may let go before it could
// hear.

// Where the scenario says nothing of it.
herd::KeepAlive default_keep_alive(herd::Duration round_trip);
// nullopt for "off". Where only one of "every" and "timeout" is given, the other one's default
// keeps to it. With problems it is the default.
std::optional<herd::KeepAlive> read_keep_alive(const JsonNode& node, herd::Duration round_trip,
                                               Problems& problems);

}  // namespace sim
