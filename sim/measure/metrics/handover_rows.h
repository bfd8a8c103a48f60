// The rows of handovers.csv: how clients went from server to server, and whether the server that
// they came to knew already where they had last been.
#pragma once

#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// In the order of leaving. A client's last accepted location, when it is connected to the new
// server, is the newest of its updates that any server had accepted by then.
std::vector<HandoverRow> handover_rows(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
