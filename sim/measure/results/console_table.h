// The text that a run prints at its end: a table of its herds, the expectations, the violations,
// the clients' delays after the script's times, and the folder of the files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/measure/figures/run_results.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns UTF-8 text of several lines without colours, the same on a terminal and elsewhere. The
// table is at most 100 columns wide. Up to five herds are columns, and their figures rows. More
// herds, or herds with long names, are rows. Figures that no herd has are left out. `folder` is
// shown as given; nullopt if the files could not be written.
std::string console_table(const Scenario& scenario, const RunResults& run,
                          const std::optional<std::filesystem::path>& folder);

}  // namespace sim
