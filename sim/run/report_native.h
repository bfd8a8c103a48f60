// What a herd of our own servers leaves behind, as the metrics want it.
#pragma once

#include "sim/measure/metrics/herd_outcome.h"
#include "sim/worlds/live/live_herd.h"
#include "sim/worlds/live/multi_loop_herd.h"

namespace sim {

// Fills in the servers, what went over the links, and which links are up. The herd must outlive the
// outcome, which points to its servers' records.
void report_native(const LiveHerd& herd, HerdOutcome& outcome);
// The same; the herd has been stopped.
void report_native(const MultiLoopHerd& herd, HerdOutcome& outcome);

}  // namespace sim
