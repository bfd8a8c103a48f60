// Plans the faults of one herd before the run, exact to the nanosecond. Partitions, flapping and
// chaos become cuts, stops and their ends. If several faults hold a link or a server down, it comes
// back when the last of them ends.
#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"
#include "sim/script/spec/fault.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct PlannedFault {
  herd::Instant at;
  std::uint32_t event = 0;  // the event that causes it: an index into Scenario::events
  Fault what;
};

// Returns the faults in the order in which they are to be done. At the same time those of Places
// come first. A link is cut only if it is not cut yet, and restored only if it is. The same holds
// for servers that are stopped, started, paused and resumed. A stop also ends a pause, and no
// server is paused while it is down.
std::vector<PlannedFault> plan_faults(const Scenario& scenario, std::uint32_t herd);

}  // namespace sim
