// Draws the conditions of a link: latency, jitter, bandwidth, loss.
#pragma once

#include <cstdint>

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// The longest latency of a drawn link in one direction, without jitter and losses.
inline constexpr std::int64_t kMostDrawnLatencyMs = 60;

// The keys of the two directions: those of a link between servers, or of a client's access link.
struct DrawnWays {
  const char* there;
  const char* back;
};
inline constexpr DrawnWays kLinkWays{"forward", "backward"};
inline constexpr DrawnWays kClientWays{"up", "down"};

// Returns an object with at least one of the keys of `link`.
OwnedJson draw_conditions(Dice& dice, const DrawnWays& ways);

}  // namespace sim
