// The rows of heat.csv.
#pragma once

#include <vector>

#include "sim/measure/figures/latency_histogram.h"
#include "sim/measure/figures/timeline_row.h"
#include "sim/measure/metrics/timeline_bins.h"

namespace sim {

// `latencies` are those of the deliveries by bin, as delivery_latencies() returns them. Returns no
// rows if the run ended before time zero.
std::vector<HeatRow> heat_rows(const TimelineBins& bins,
                               const std::vector<LatencyHistogram>& latencies);

}  // namespace sim
