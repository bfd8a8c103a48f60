// Warns of events that undo what no earlier event has done.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/script/read/problems.h"
#include "sim/script/spec/events.h"

namespace sim {

// `events` in the order in which they happen, each with its path in the scenario.
void check_undo(const std::vector<std::pair<std::string, const Event*>>& events,
                Problems& problems);

}  // namespace sim
