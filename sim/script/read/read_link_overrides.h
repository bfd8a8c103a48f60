// Reads `herds[].link_overrides`.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/link_conditions.h"

namespace sim {

// Returns the conditions of links that differ from the herd's `link`, by their places in the herd's
// list. Conditions that an override does not name are as in `link`. The herd's servers, links and
// `link` are read already.
std::unordered_map<std::uint32_t, TwoWayConditions> read_link_overrides(const JsonNode& node,
                                                                        const HerdRead& herd,
                                                                        Problems& problems);
Schema link_overrides_schema();

}  // namespace sim
