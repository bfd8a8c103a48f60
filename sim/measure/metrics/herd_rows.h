// The rows of links.csv and servers.csv: what the herd itself did.
#pragma once

#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

std::vector<LinkRow> link_rows(const HerdOutcome& outcome);
std::vector<ServerRow> server_rows(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
