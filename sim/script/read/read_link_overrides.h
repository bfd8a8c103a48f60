// Reads `herds[].link_overrides`.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/link_conditions.h"

namespace sim {

// What is different about links, by their places in the herd's list; what an override does not
// name is as in the herd's `link`. The herd's servers, links and `link` are read already.
std::unordered_map<std::uint32_t, TwoWayConditions> read_link_overrides(const JsonNode& node,
                                                                        const HerdRead& herd,
                                                                        Problems& problems);

}  // namespace sim
