// The clients of a drawn scenario.
#pragma once

#include <string>
#include <vector>

#include "sim/app/swarm/dice.h"
#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct DrawnClients {
  OwnedJson json;                // a list for `clients`
  std::vector<std::string> ids;  // of all of them
};

// `base` has the herds and the duration.
DrawnClients draw_clients(Dice& dice, const Scenario& base);

// The most links of any of the herds: what an update costs.
std::size_t most_links(const Scenario& base);

}  // namespace sim
