// The rows of timeline.csv.
#pragma once

#include <vector>

#include "sim/measure/figures/latency_histogram.h"
#include "sim/measure/figures/timeline_row.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// Returns the latencies of the deliveries, by the bin in which they were made.
std::vector<LatencyHistogram> delivery_latencies(const Recorder& recorder);

// `latencies` are those of delivery_latencies(). Returns no rows if the run ended before time zero.
std::vector<TimelineRow> timeline_rows(const HerdOutcome& outcome, const UpdateLedger& ledger,
                                       const std::vector<LatencyHistogram>& latencies);

}  // namespace sim
