// Reads `clients`.
#pragma once

#include <vector>

#include "sim/scenario/json_value.h"
#include "sim/scenario/names.h"
#include "sim/scenario/problems.h"
#include "sim/scenario/scenario.h"

namespace sim {

// The client groups; their members' ids join `names`. Servers are those of `herds`, `duration` is
// that of the script.
std::vector<ClientGroup> read_clients(const JsonNode& node, const std::vector<HerdRead>& herds,
                                      Duration duration, Names& names, Problems& problems);

}  // namespace sim
