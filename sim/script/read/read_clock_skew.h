// Reads `servers[].skew` and `clients[].skew`.
#pragma once

#include "sim/scenario/clock_skew.h"
#include "sim/scenario/json_value.h"
#include "sim/scenario/problems.h"

namespace sim {

// A duration, or an object of "offset" and "drift". With problems it is read as far as it goes.
ClockSkew read_clock_skew(const JsonNode& node, Problems& problems);

}  // namespace sim
