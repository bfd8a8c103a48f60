// Draws the herds of a scenario: their servers and links, the links' conditions, propagation and
// recovery.
#pragma once

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// Returns the value of `herds`. All herds have the same servers, so that clients and events may
// name any of them.
OwnedJson draw_herds(Dice& dice);

}  // namespace sim
