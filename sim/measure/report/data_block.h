// The data for the page's program.
#pragma once

#include <string>

#include "sim/measure/report/page_tables.h"
#include "sim/measure/report/run_folder.h"

namespace sim {

// Returns base64(gzip(JSON)): {"run": what run.json says of the scenario, "tables": {"NAME.csv":
// columns as pack_columns() packs them, …}}. The table "graph" has the links of herds that are too
// large to draw. Has only the tables that the folder has.
std::string data_block(RunFolder& folder, const DrillDownLimits& limits);

// The same for a sweep: its sweep.csv, its points, and its swept keys.
std::string sweep_data_block(RunFolder& folder);

}  // namespace sim
