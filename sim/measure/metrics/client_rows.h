// The rows of clients.csv and queries.csv: what the clients observed.
#pragma once

#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/reply_times.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// Reorders each client's reply times.
std::vector<ClientRow> client_rows(const HerdOutcome& outcome, const UpdateLedger& ledger,
                                   ReplyTimes& replies);
std::vector<QueryRow> query_rows(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
