// The clients of a drawn scenario.
#pragma once

#include <string>
#include <vector>

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct DrawnClients {
  OwnedJson json;                // the value of `clients`
  std::vector<std::string> ids;  // of all clients
};

// Draws client groups. `base` must have the herds and the duration.
DrawnClients draw_clients(Dice& dice, const Scenario& base);

// Returns whether every link of every herd has the bandwidth for lines of 8 KB.
bool carries_long_lines(const Scenario& base);

// Returns the largest number of links of any herd, which bounds the messages per update.
std::size_t most_links(const Scenario& base);

}  // namespace sim
