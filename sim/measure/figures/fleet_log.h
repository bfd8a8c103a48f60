// The record of one herd's clients during a run: answers, queries, handovers and violations. The
// fleet writes it; the measuring code reads it when the run is over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "sim/base/digest.h"
#include "sim/measure/figures/latency_histogram.h"
#include "sim/measure/figures/reply_counts.h"

namespace sim {

// What came of a WHATSAT.
struct QueryLog {
  std::optional<herd::Instant> answered;  // when its answer was whole
  std::uint32_t server = 0;               // that was asked
  std::string status;                     // of the Places answer; "?" where it was refused
  std::optional<std::uint64_t> places;
};

// How a client went from one server to another.
struct HandoverLog {
  std::uint32_t client = 0, from = 0, to = 0;
  herd::Instant left;                         // it said goodbye to the old one, or lost it
  std::optional<herd::Instant> connected;     // to the new one
  std::optional<herd::Instant> first_answer;  // of the new one, and the last one before it
  std::optional<herd::Instant> last_answer;
};

// What the clients saw.
struct FleetLog {
  std::uint64_t actions_done = 0;                      // of Plan::actions, from the first on
  std::vector<std::optional<herd::Instant>> answered;  // by update: when its answer was whole
  std::vector<QueryLog> queries;                       // by query
  std::vector<HandoverLog> handovers;                  // in the order of their leaving
  std::vector<std::uint64_t> unanswered_at;     // by server: lines, on connections open at the end
  std::vector<std::uint32_t> connections_lost;  // by client: those that it did not end
  std::vector<Digest> answers;                  // by client: which it was given, in order
  std::vector<ReplyCounts> reply_counts;        // by client
  LatencyHistogram schedule_lag;        // by how much later than planned each action was done
  std::vector<std::string> violations;  // the first of them, in words
  std::uint64_t violation_count = 0;
};

}  // namespace sim
