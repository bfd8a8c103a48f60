// Reads `servers[].skew` and `clients[].skew`.
#pragma once

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/clock_skew.h"

namespace sim {

// A duration, or an object of "offset" and "drift". With problems it is read as far as it goes.
ClockSkew read_clock_skew(const JsonNode& node, Problems& problems);

}  // namespace sim
