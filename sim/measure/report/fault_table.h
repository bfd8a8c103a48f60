// When each link and server was down or paused, as a table for the page's program.
#pragma once

#include <string>

#include "sim/measure/report/run_folder.h"

namespace sim {

// Returns the faults of all herds, packed as pack_columns() packs a table, with the columns herd,
// kind (link, server or paused), who, from_us and to_us. The last is empty if the fault did not end
// in the run. A fault of all herds has a row for each.
std::string packed_faults(RunFolder& folder);

}  // namespace sim
