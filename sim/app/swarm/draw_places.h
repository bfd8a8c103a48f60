// Places and their trouble in a drawn scenario.
#pragma once

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// A herd's `places`.
OwnedJson draw_places(Dice& dice);
// The keys of `set_places`, at least one, into an event.
void draw_places_faults(Dice& dice, json_t* object);

}  // namespace sim
