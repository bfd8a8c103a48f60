// Warns of events that undo what no earlier event has done.
#pragma once

#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/events.h"

namespace sim {

// `events` in the order in which they happen. `node` is their list.
void check_undo(const JsonNode& node, const std::vector<Event>& events, Problems& problems);

}  // namespace sim
