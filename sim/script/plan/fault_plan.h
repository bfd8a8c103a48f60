// What is going to happen to one herd's links and servers, to the nanosecond, worked out before the
// run: partitions, flapping and chaos become cuts, stops and their ends. Where several faults hold
// a link or a server down, it comes back when the last of them lets go.
#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"
#include "sim/script/spec/scenario.h"

namespace sim {

enum class FaultKind {
  kCutLink,
  kRestoreLink,
  kSetLink,
  kStopServer,
  kStartServer,
  kPauseServer,
  kResumeServer,
};

struct PlannedFault {
  herd::Instant at;
  FaultKind kind = FaultKind::kCutLink;
  std::uint32_t target = 0;     // a place in HerdSpec::links or ::servers
  CutHow how = CutHow::kClose;  // of kCutLink
  TwoWayConditions conditions;  // of kSetLink
  std::uint32_t event = 0;      // whose doing it is: a place in Scenario::events
};

// In the order in which they are to be done. A link is cut only where it is not and restored only
// where it is; so are servers stopped, started, paused and resumed, a stop ending a pause too, and
// none is paused while it is down.
std::vector<PlannedFault> plan_faults(const Scenario& scenario, std::uint32_t herd);

}  // namespace sim
