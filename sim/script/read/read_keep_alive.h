// Reads `keepalive`, by which the ends of a herd's links find out that nothing comes through.
#pragma once

#include <optional>

#include "core/keep_alive.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// `round_trip` is the latency there and back over the herd's slowest link. No end may time out
// before it could hear from the other.
//
// Returns the latency there and back over the slowest link, as links are at the start.
herd::Duration longest_round_trip(const HerdSpec& herd);

// Returns what holds if the scenario has no such key.
herd::KeepAlive default_keep_alive(herd::Duration round_trip);
// Returns nullopt for "off". If only one of "every" and "timeout" is given, the other one's default
// follows from it. Returns the default after problems.
std::optional<herd::KeepAlive> read_keep_alive(const JsonNode& node, herd::Duration round_trip,
                                               Problems& problems);
Schema keep_alive_schema();

}  // namespace sim
