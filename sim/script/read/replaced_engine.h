// A native herd whose engine the command line replaces by another program: what its file says of
// our own servers no longer applies.
#pragma once

#include <string>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"

namespace sim {

// Removes from `root`, a scenario, the keys of such herds that another program's servers cannot
// have, and warns of each. So the shipped scenarios play against any program. A key that the
// command line gives itself stays, as does one of a herd whose file has the engine: those are
// errors. `folder` is that of the scenario's file.
void leave_out_native_keys(json_t* root, const std::vector<Source>& sources,
                           const std::string& folder, Problems& problems);

}  // namespace sim
