// Brings the two logs of one herd together: which planned update each server's decision was about,
// and which accepted update each server holds in the end.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/held_records.h"
#include "sim/measure/metrics/herd_outcome.h"

namespace sim {

struct UpdateLedger {
  explicit UpdateLedger(const HerdOutcome& outcome);

  // How many of Plan::updates and of Plan::queries were sent, from the first on.
  std::uint64_t sent = 0;
  std::uint64_t queries_sent = 0;
  // By planned update: what came of it, the server that decided (kNoIndex where none did), and its
  // place in Recorder::accepted() (kNoIndex where it was not accepted).
  std::vector<Outcome> outcome;
  std::vector<std::uint32_t> origin;
  std::vector<std::uint32_t> accepted_as;
  // By accepted update: the planned one; kNoIndex where no client of ours sent it.
  std::vector<std::uint32_t> planned_as;
  // By subject: its accepted updates, from the oldest to the newest in the herd's own order.
  HeldRecords::History history;
  // What each server holds in the end.
  HeldRecords held;
};

}  // namespace sim
