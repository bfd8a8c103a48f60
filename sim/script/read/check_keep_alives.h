// Holds the keep-alives of herds against what their links become in the script.
#pragma once

#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/events.h"

namespace sim {

// Follows the latencies that set_link gives the links of our own herds. A keep-alive that the
// scenario sets must leave time for each of them; the first event that does not is a problem. One
// that the scenario does not set follows the slowest link. `events` are those of the list `node`,
// in the order of time, and `names` are the names of `herds`.
void check_keep_alives(const JsonNode& node, const std::vector<Event>& events, const Names& names,
                       std::vector<HerdRead>& herds, Problems& problems);

}  // namespace sim
