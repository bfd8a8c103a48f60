// Reads `clients`.
#pragma once

#include <string>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Reads the client groups and adds their members' ids to `names`. `folder` is the scenario file's,
// with a slash at its end: trace files are relative to it. `duration` is the script's.
std::vector<ClientGroup> read_clients(const JsonNode& node, const std::vector<HerdRead>& herds,
                                      const std::string& folder, Duration duration, Names& names,
                                      Problems& problems);
Schema clients_schema();

}  // namespace sim
