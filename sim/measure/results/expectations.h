// Whether a run is what its scenario expects.
#pragma once

#include <optional>
#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// The number that an expectation compares: a count, a double, a latency in microseconds. None for
// what is not known and for text.
std::optional<double> figure_of(const Cell& cell);

// One result for each expectation and herd that it is about, in the scenario's order ("*": each
// herd of the scenario). An expectation holds where each of its bounds does. What is not known
// holds nothing, nor does a herd without results. `min` and `max` compare exactly, as `equals` does
// for counts; other figures equal one that differs by no more than a part in 10^9.
std::vector<ExpectationResult> check_expectations(const Scenario& scenario,
                                                  const std::vector<HerdResults>& herds);

}  // namespace sim
