// The rows of histograms.csv.
#pragma once

#include <vector>

#include "sim/measure/figures/latency_histogram.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// `latencies` are those of delivery_latencies(). `rows` has the herd's queries and handovers
// already. A metric that is not known has no rows.
std::vector<HistogramRow> histogram_rows(const HerdOutcome& outcome, const UpdateLedger& ledger,
                                         const std::vector<LatencyHistogram>& latencies,
                                         const HerdResults& rows);

}  // namespace sim
