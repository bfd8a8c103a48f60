// The rows of handovers.csv: how clients went from server to server, and whether the new server
// already knew their last location.
#pragma once

#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// Returns the rows in the order in which the clients left. A client's last accepted location is the
// newest of its updates that any server had accepted before the client connected to the new server.
std::vector<HandoverRow> handover_rows(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
