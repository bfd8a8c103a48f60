// Reads `clients`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Reads the client groups, hands each to `take`, and adds their members' ids to `names`. `folder`
// is the scenario file's, with a slash at its end: trace files are relative to it. `duration` is
// the script's. A group with problems is handed over too, as far as it could be read.
void read_clients(const JsonNode& node, const std::vector<HerdRead>& herds,
                  const std::string& folder, Duration duration, Names& names, Problems& problems,
                  const std::function<void(ClientGroup)>& take);
Schema clients_schema();

}  // namespace sim
