// The rows of updates.csv and deliveries.csv.
#pragma once

#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

std::vector<UpdateRow> update_rows(const HerdOutcome& outcome, const UpdateLedger& ledger);
std::vector<DeliveryRow> delivery_rows(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
