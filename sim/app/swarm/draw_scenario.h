// Draws whole scenarios for the swarm: mostly small herds with many faults.
#pragma once

#include <cstdint>
#include <string>

namespace sim {

// Returns the JSON text of a valid scenario with the virtual clock. The same seed gives the same
// text with every compiler. seed <= kMaxSeed.
std::string draw_scenario(std::uint64_t seed);

}  // namespace sim
