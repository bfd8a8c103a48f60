// What clients lost by what the servers hold in the end, whatever order the herd goes by.
#pragma once

#include <cstdint>

#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// Pairs of a server up at the end and a client that some server decided an update of, where the
// server does not hold the last update, in the order of the script, that any server decided of that
// client: it holds another one, or none.
std::uint64_t count_wrong_records(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
