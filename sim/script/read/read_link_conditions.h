// Reads what a network path is like, wherever a scenario says it: `herds[].link`,
// `herds[].link_overrides`, `clients[].link` and the event `set_link`.
#pragma once

#include <array>
#include <string_view>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/link_conditions.h"

namespace sim {

// What the directions are called, forward first.
using DirectionNames = std::array<std::string_view, 2>;
inline constexpr DirectionNames kLinkDirections = {"forward", "backward"};
inline constexpr DirectionNames kClientLinkDirections = {"up", "down"};

// The keys "latency", "jitter", "bandwidth" and "loss" of an object that may say more: of both
// directions, and of one alone where they stand in an object under its name.
TwoWayChange read_link_change(ObjectReader& object, const DirectionNames& directions,
                              Problems& problems);
// An object of these keys alone, all of what is not named being ideal.
TwoWayConditions read_link_conditions(const JsonNode& node, const DirectionNames& directions,
                                      Problems& problems);

// Reports an object that names none of the keys above.
void check_changes_something(const ObjectReader& object, const DirectionNames& directions,
                             Problems& problems);

}  // namespace sim
