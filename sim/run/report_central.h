// The outcome of a central herd, for the metrics.
#pragma once

#include "sim/engines/central/central_herd.h"
#include "sim/measure/metrics/herd_outcome.h"

namespace sim {

// Fills in the servers, the bytes on the links, the links that are up, and PostgreSQL's use of the
// machine. The herd must outlive the outcome, which points to the records of its database.
void report_central(const CentralHerd& herd, HerdOutcome& outcome);

}  // namespace sim
