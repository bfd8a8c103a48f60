// Values that several parts of a drawn scenario have.
#pragma once

#include <string>

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// The corners of the area in which everything that is drawn stands and goes.
inline constexpr const char* kDrawnSouthWest = "+34.000000-118.600000";
inline constexpr const char* kDrawnNorthEast = "+34.200000-118.300000";

// A place in that area, ISO 6709.
std::string draw_location(Dice& dice);
// What a clock is wrong by: an offset, or an offset and a drift.
OwnedJson draw_skew(Dice& dice);
// When something is done again and again, about `per_s` times a second: a rate, a period or a ramp
// within `duration_ms`.
OwnedJson draw_times(Dice& dice, double per_s, std::int64_t duration_ms);

}  // namespace sim
