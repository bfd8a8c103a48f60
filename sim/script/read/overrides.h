// Puts what the command line gives into a scenario's JSON, before it is read.
#pragma once

#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/load_options.h"
#include "sim/script/read/problems.h"

namespace sim {

// Changes `root`, an object, and returns which value came from which option. Reports values that it
// cannot put in.
std::vector<Source> apply_overrides(json_t* root, const LoadOptions& options, Problems& problems);

}  // namespace sim
