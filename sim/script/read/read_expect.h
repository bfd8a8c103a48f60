// Reads `expect`.
#pragma once

#include <vector>

#include "sim/scenario/json_value.h"
#include "sim/scenario/names.h"
#include "sim/scenario/problems.h"
#include "sim/scenario/scenario.h"

namespace sim {

std::vector<Expectation> read_expect(const JsonNode& node, const Names& names, Problems& problems);

}  // namespace sim
