// The records at the end that are wrong from a client's view, whatever order the herd uses.
#pragma once

#include <cstdint>

#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// Counts pairs of a client and a server that is up at the end, for each client with a decided
// update. The right record is the last update, in the order of the script, that any server decided
// for that client. A pair counts if the server holds another update, or none.
std::uint64_t count_wrong_records(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
