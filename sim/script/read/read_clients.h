// Reads `clients`.
#pragma once

#include <string>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// The client groups; their members' ids join `names`. Servers are those of `herds`. `folder` is the
// scenario file's, with its last slash: trace files are relative to it. `duration` is the script's.
std::vector<ClientGroup> read_clients(const JsonNode& node, const std::vector<HerdRead>& herds,
                                      const std::string& folder, Duration duration, Names& names,
                                      Problems& problems);

}  // namespace sim
