// The row of summary.csv for one herd.
#pragma once

#include <span>
#include <vector>

#include "sim/checker/checker.h"
#include "sim/metrics/herd_outcome.h"
#include "sim/metrics/update_ledger.h"
#include "sim/results/run_results.h"
#include "sim/scenario/scenario.h"

namespace sim {

// A cell for each of kSummaryColumns, in its order. `rows` has the herd's queries and handovers;
// `replies` are all reply times, and are left in another order.
std::vector<Cell> summary_row(const Scenario& scenario, const HerdOutcome& outcome,
                              const UpdateLedger& ledger, const Violations& violations,
                              const HerdResults& rows, std::span<Duration> replies);

}  // namespace sim
