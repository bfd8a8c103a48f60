// The text that a run prints at its end: a table of its herds, the expectations, the violations,
// the clients' delays after the script's times, and the folder of the files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/text_columns.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns UTF-8 text of several lines. Up to five herds are columns, and their figures rows. More
// herds, and herds that do not fit on the screen, are rows. Figures that no herd has are left out.
// What failed is red if the screen has colours. `folder` is shown as given; nullopt if the files
// could not be written.
std::string console_table(const Scenario& scenario, const RunResults& run,
                          const std::optional<std::filesystem::path>& folder,
                          const Screen& screen = {});

}  // namespace sim
