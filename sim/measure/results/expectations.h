// Compares a run with what its scenario expects.
#pragma once

#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns a result for each expectation and each herd that it is about ("*": every herd of the
// scenario), in the scenario's order. An expectation holds if each of its bounds does. It fails if
// the figure is unknown, or if the herd has no results. `min` and `max` compare exactly, and so
// does `equals` for counts. For other figures `equals` allows a difference of one part in 10^9.
std::vector<ExpectationResult> check_expectations(const Scenario& scenario,
                                                  const std::vector<HerdResults>& herds);

}  // namespace sim
