// Draws the Places provider of a herd and its faults.
#pragma once

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// Returns the value of `places` for a herd.
OwnedJson draw_places(Dice& dice);
// Adds at least one of the keys of the event `set_places` to `object`.
void draw_places_faults(Dice& dice, json_t* object);

}  // namespace sim
