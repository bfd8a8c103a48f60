// Which servers each client of a plan may go to, other than the one that it starts at.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/plan/plan.h"

namespace sim {

// By client, then by server; empty for a client that goes nowhere. One that goes elsewhere when its
// server is gone may go anywhere. `servers`: how many there are.
std::vector<std::vector<bool>> destinations(const Plan& plan, std::size_t servers);

}  // namespace sim
