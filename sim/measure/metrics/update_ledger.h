// Joins the two logs of one herd. Finds the planned update that each server's decision was about,
// and the accepted update that each server holds at the end.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/held_records.h"
#include "sim/measure/metrics/herd_outcome.h"

namespace sim {

struct UpdateLedger {
  explicit UpdateLedger(const HerdOutcome& outcome);

  // The number of Plan::updates and of Plan::queries whose time had come, from the first on.
  std::uint64_t sent = 0;
  std::uint64_t queries_sent = 0;
  // Whether such an update or query went out: some may still have waited for their turn on a
  // connection, or for a connection.
  bool went_out(std::uint32_t update) const { return !unsent_.contains(update); }
  bool query_went_out(std::uint32_t query) const { return !unsent_queries_.contains(query); }
  std::uint64_t updates_out() const { return sent - unsent_.size(); }

  // By planned update: its outcome, the server that decided (kNoIndex if none did), and its index
  // in Recorder::accepted() (kNoIndex if it was not accepted).
  std::vector<Outcome> outcome;
  std::vector<std::uint32_t> origin;
  std::vector<std::uint32_t> accepted_as;
  // By accepted update: the planned one; kNoIndex if no client of the plan sent it.
  std::vector<std::uint32_t> planned_as;
  // By subject: its accepted updates, from the oldest to the newest in the herd's own order.
  HeldRecords::History history;
  // The records that each server holds at the end.
  HeldRecords held;

 private:
  std::unordered_set<std::uint32_t> unsent_, unsent_queries_;
};

}  // namespace sim
