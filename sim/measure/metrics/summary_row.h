// The row of summary.csv for one herd.
#pragma once

#include <span>
#include <vector>

#include "sim/measure/checker/checker.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns one cell for each of kSummaryColumns, in its order. `rows` must contain the herd's
// queries and handovers. `replies` are all reply times; the call reorders them.
std::vector<Cell> summary_row(const Scenario& scenario, const HerdOutcome& outcome,
                              const UpdateLedger& ledger, const Violations& violations,
                              const HerdResults& rows, std::span<Duration> replies);

}  // namespace sim
