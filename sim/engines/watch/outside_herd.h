// A herd that herdsim sees only from outside: other programs, or servers that are served elsewhere.
// What is known of it comes from the replies that its clients get, and from a watch.
//
// The run's thread only.
#pragma once

#include <cstdint>

#include "core/time.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/worlds/live/hosted_herd.h"

namespace sim {

class OutsideHerd : public HostedHerd {
 public:
  // Sets the client time of the run's time zero. Call this before any client says anything.
  virtual void begin(herd::PosixNs base) = 0;
  // Call this when a client's update is answered. `at` is on the run's clock.
  virtual void answered(std::uint32_t update, std::uint32_t server, herd::Instant at) = 0;
  // Adds the herd's results to `outcome`. Precondition: stopped. The herd must outlive the outcome.
  virtual void report(HerdOutcome& outcome) const = 0;
};

}  // namespace sim
