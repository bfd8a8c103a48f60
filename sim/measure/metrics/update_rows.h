// The rows of updates.csv and deliveries.csv.
#pragma once

#include <vector>

#include "sim/metrics/herd_outcome.h"
#include "sim/metrics/update_ledger.h"
#include "sim/results/run_results.h"

namespace sim {

std::vector<UpdateRow> update_rows(const HerdOutcome& outcome, const UpdateLedger& ledger);
std::vector<DeliveryRow> delivery_rows(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
