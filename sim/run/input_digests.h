// Digests of a scenario's data files, so that results say which content they come from.
#pragma once

#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Reads the files that the scenario names and returns their digests. Leaves out a file that cannot
// be read: the run itself reports it.
std::vector<InputFile> input_digests(const Scenario& scenario);

}  // namespace sim
