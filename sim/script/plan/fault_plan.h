// Plans the faults of one herd to the nanosecond, before the run: partitions, flapping and chaos
// become cuts, stops and their ends. If several faults hold a link or a server down, it comes back
// when the last of them ends.
#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"
#include "sim/script/spec/fault.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct PlannedFault {
  herd::Instant at;
  std::uint32_t event = 0;  // the event that causes it: a place in Scenario::events
  Fault what;
};

// Returns the faults in the order in which they are to be done; at one instant those of Places come
// first. A link is cut only if it is not cut yet, and restored only if it is. The same holds for
// servers that are stopped, started, paused and resumed. A stop ends a pause too, and no server is
// paused while it is down.
std::vector<PlannedFault> plan_faults(const Scenario& scenario, std::uint32_t herd);

}  // namespace sim
