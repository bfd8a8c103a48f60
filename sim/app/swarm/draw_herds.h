// The herds of a drawn scenario: how many servers, how they are linked, what links are like, how
// they propagate and recover.
#pragma once

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// A list for `herds`. All of them have the same servers, so that clients and events may name any.
OwnedJson draw_herds(Dice& dice);

}  // namespace sim
