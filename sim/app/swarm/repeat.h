// How to play a scenario of a swarm again.
#pragma once

#include <cstdint>
#include <string>

namespace sim {

// Returns the command that plays the scenario of a seed again.
inline std::string command_to_repeat(std::uint64_t seed) {
  return "herdsim swarm --seed " + std::to_string(seed) + " --runs 1";
}

}  // namespace sim
