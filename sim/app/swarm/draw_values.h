// Draws values that several parts of a scenario use.
#pragma once

#include <string>

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// The corners of the area in which all servers, clients and waypoints lie.
inline constexpr const char* kDrawnSouthWest = "+34.000000-118.600000";
inline constexpr const char* kDrawnNorthEast = "+34.200000-118.300000";

// Returns a location in that area, as ISO 6709.
std::string draw_location(Dice& dice);
// Returns a clock error: an offset, or an offset and a drift.
OwnedJson draw_skew(Dice& dice);
// Returns what an odd name begins with; a number after it makes it a name. All of them have other
// characters than letters, and some are nearly as long as a name may be.
std::string draw_odd_prefix(Dice& dice);
// Returns a text that makes an id about as long as a client's line may be, or a little longer.
std::string draw_long_text(Dice& dice);
// Returns a schedule of about `per_s` actions per second: a rate, a period, or a ramp that ends
// within `duration_ms`.
OwnedJson draw_times(Dice& dice, double per_s, std::int64_t duration_ms);

}  // namespace sim
