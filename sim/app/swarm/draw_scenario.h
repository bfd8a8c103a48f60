// Whole scenarios at random, for the swarm: small herds mostly, under much trouble.
#pragma once

#include <cstdint>
#include <string>

namespace sim {

// A scenario in virtual time as JSON text, valid for the ordinary reader. The same seed gives the
// same text, with every compiler. seed <= kMaxSeed.
std::string draw_scenario(std::uint64_t seed);

}  // namespace sim
