// The rows of undelivered.csv: who never heard of an update, and why.
#pragma once

#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// Returns a row for each accepted update and server that never applied it, and for each that had it
// and ends with neither it nor a newer one; by update, then by server. Needs what the Recorder
// keeps at kDeliveries. No rows if the servers' records are not known.
std::vector<UndeliveredRow> undelivered_rows(const HerdOutcome& outcome,
                                             const UpdateLedger& ledger);

}  // namespace sim
