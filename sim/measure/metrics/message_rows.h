// The rows of messages.csv.
#pragma once

#include <vector>

#include "sim/measure/figures/message_row.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// Returns all messages of the chosen updates, by update, then by the time of sending.
std::vector<MessageRow> message_rows(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
