// The JSON that `herdsim swarm --format json` prints.
#pragma once

#include <cstdint>
#include <string>

#include "sim/app/swarm/swarm.h"

namespace sim {

struct SwarmEnd {
  std::uint64_t first_seed = 1;
  bool complete = true;                 // false: a signal ended it early
  const SmallFailure* small = nullptr;  // null: no scenario failed
  std::string file;                     // that has the small scenario; empty: none could be written
};

// Returns a JSON document. If a scenario failed, `report.failure` and `end.small` say how.
std::string swarm_json(const SwarmReport& report, const SwarmEnd& end);

}  // namespace sim
