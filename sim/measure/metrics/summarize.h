// Makes the rows and columns of the results of what is known of a herd.
#pragma once

#include "sim/checker/checker.h"
#include "sim/metrics/herd_outcome.h"
#include "sim/metrics/update_ledger.h"
#include "sim/results/run_results.h"

namespace sim {

HerdResults summarize(const Scenario& scenario, const HerdOutcome& outcome,
                      const UpdateLedger& ledger, const Violations& violations);

}  // namespace sim
