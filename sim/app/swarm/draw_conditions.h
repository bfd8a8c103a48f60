// What a drawn path is like.
#pragma once

#include <cstdint>

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// No path that is drawn takes longer one way, jitter and losses aside.
inline constexpr std::int64_t kMostDrawnLatencyMs = 60;

// The two directions' names.
struct DrawnWays {
  const char* there;
  const char* back;
};
inline constexpr DrawnWays kLinkWays{"forward", "backward"};
inline constexpr DrawnWays kClientWays{"up", "down"};

// An object of some of the keys of `link`, at least one.
OwnedJson draw_conditions(Dice& dice, const DrawnWays& ways);

}  // namespace sim
