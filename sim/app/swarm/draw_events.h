// Draws the events of a scenario: faults and their ends, bursts, moves, and lines to send word for
// word.
#pragma once

#include <string>
#include <vector>

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns the value of `events`. `base` must have the herds and the duration; `clients` has the ids
// of all clients.
OwnedJson draw_events(Dice& dice, const Scenario& base, const std::vector<std::string>& clients);

}  // namespace sim
