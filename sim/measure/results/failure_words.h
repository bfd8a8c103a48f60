// An expectation that does not hold, for people.
#pragma once

#include <string>

#include "sim/measure/figures/run_results.h"

namespace sim {

// "ring: messages is 41, should be at least 2 and at most 5".
std::string describe_failure(const ExpectationResult& expectation);

}  // namespace sim
