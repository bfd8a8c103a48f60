// Reads `herds[].keepalive`.
#pragma once

#include <optional>

#include "core/keep_alive.h"
#include "sim/scenario/json_value.h"
#include "sim/scenario/problems.h"

namespace sim {

// nullopt for "off". Where only one of "every" and "timeout" is given, the other one's default
// keeps to it. With problems it is the default.
std::optional<herd::KeepAlive> read_keep_alive(const JsonNode& node, Problems& problems);

}  // namespace sim
