// Makes the rows and columns of the results from what is known of a herd.
#pragma once

#include "sim/measure/checker/checker.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// Which rows a herd's results have.
enum class WantedRows {
  kAll,      // those that the scenario records
  kSummary,  // the summary, and the queries and handovers that it counts
};

HerdResults summarize(const Scenario& scenario, const HerdOutcome& outcome,
                      const UpdateLedger& ledger, const Violations& violations,
                      WantedRows rows = WantedRows::kAll);

}  // namespace sim
