// What a run says at its end: a table of its herds side by side, what was expected of them, what
// they broke, whether the clients kept the script's times, and where the files are.
#pragma once

#include <filesystem>
#include <string>

#include "sim/measure/figures/run_results.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// UTF-8 text of several lines; the table is at most 100 columns wide. Up to five herds are columns
// and their measures rows; more of them, or herds with long names, are rows. Measures that no herd
// has are left out. `folder` is shown as it is given. It has no colours and is the same whether or
// not a terminal shows it.
std::string console_table(const Scenario& scenario, const RunResults& run,
                          const std::filesystem::path& folder);

}  // namespace sim
