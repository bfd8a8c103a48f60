// Reads the events that happen to links and servers.
#pragma once

#include "sim/script/read/event_action.h"

namespace sim {

Action link_down_action();
Action link_up_action();
Action partition_action();
Action heal_action();
Action server_down_action();
Action server_up_action();
Action pause_action();
Action resume_action();
Action set_link_action();
Action flap_action();
Action chaos_action();

}  // namespace sim
