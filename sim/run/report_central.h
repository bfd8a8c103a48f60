// What a central herd leaves behind, as the metrics want it.
#pragma once

#include "sim/engines/central/central_herd.h"
#include "sim/measure/metrics/herd_outcome.h"

namespace sim {

// Fills in the servers, what went over the links, which links are up, and what PostgreSQL used. The
// herd must outlive the outcome, which points to what its database held.
void report_central(const CentralHerd& herd, HerdOutcome& outcome);

}  // namespace sim
