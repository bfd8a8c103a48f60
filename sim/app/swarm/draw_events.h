// What happens in a drawn scenario: faults and their ends, bursts, moves, and lines of the script's
// own.
#pragma once

#include <string>
#include <vector>

#include "sim/json/owned_json.h"
#include "sim/scenario/scenario.h"
#include "sim/swarm/dice.h"

namespace sim {

// A list for `events`. `base` has the herds and the duration, `clients` the ids of all clients.
OwnedJson draw_events(Dice& dice, const Scenario& base, const std::vector<std::string>& clients);

}  // namespace sim
