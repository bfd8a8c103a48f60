// The outcome of a herd of our own servers, for the metrics.
#pragma once

#include "sim/measure/metrics/herd_outcome.h"
#include "sim/worlds/live/live_herd.h"
#include "sim/worlds/live/multi_loop_herd.h"

namespace sim {

// Fills in the servers, the bytes on the links, and the links that are up. The herd must outlive
// the outcome, which points to its servers' records.
void report_native(const LiveHerd& herd, HerdOutcome& outcome);
// The same. Precondition: the herd has stopped.
void report_native(const MultiLoopHerd& herd, HerdOutcome& outcome);

}  // namespace sim
