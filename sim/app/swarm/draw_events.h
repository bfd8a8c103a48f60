// What happens in a drawn scenario: faults and their ends, bursts, moves, and lines of the script's
// own.
#pragma once

#include <string>
#include <vector>

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// A list for `events`. `base` has the herds and the duration, `clients` the ids of all clients.
OwnedJson draw_events(Dice& dice, const Scenario& base, const std::vector<std::string>& clients);

}  // namespace sim
