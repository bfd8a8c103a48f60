// How long clients waited for the answers to their updates.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// From when the script meant each update to be sent to its whole answer; of those that were
// answered. Percentiles may be taken of the spans (which reorders them), of all() after the last
// of().
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
