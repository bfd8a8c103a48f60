// The times that clients waited for the answers to their updates.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// A reply time runs from the planned time of an update to its complete answer. Only answered
// updates count. Taking a percentile of a span reorders it. all() spans all clients, so take its
// percentiles after the last use of of().
class ReplyTimes {
 public:
  ReplyTimes(const HerdOutcome& outcome, const UpdateLedger& ledger);

  std::span<Duration> of(std::uint32_t client);
  std::span<Duration> all() { return values_; }

 private:
  std::vector<Duration> values_;     // client by client
  std::vector<std::size_t> starts_;  // by client, and the end
};

}  // namespace sim
