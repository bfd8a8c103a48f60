// Reads the events that happen to links and servers.
#pragma once

#include <vector>

#include "sim/script/read/event_action.h"

namespace sim {

// Returns the actions that are faults, in any order.
std::vector<Action> fault_actions();

}  // namespace sim
