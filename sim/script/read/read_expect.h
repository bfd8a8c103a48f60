// Reads `expect`.
#pragma once

#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/scenario.h"

namespace sim {

std::vector<Expectation> read_expect(const JsonNode& node, const Names& names, Problems& problems);
Schema expect_schema();

}  // namespace sim
