// What a herd of our own servers leaves behind, as the metrics want it.
#pragma once

#include "sim/live/live_herd.h"
#include "sim/metrics/herd_outcome.h"

namespace sim {

// Fills in the servers, what went over the links, and which links are up. The herd must outlive the
// outcome, which points to its servers' records.
void report_native(const LiveHerd& herd, HerdOutcome& outcome);

}  // namespace sim
