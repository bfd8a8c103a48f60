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

// The outcome of a WHATSAT.
struct QueryLog {
  std::optional<herd::Instant> answered;  // when its answer was complete
  std::uint32_t server = 0;               // the server that was asked
  std::string status;  // of the Places answer; "?" if the server refused the query
  std::optional<std::uint64_t> places;
};

// A client's handover from one server to another.
struct HandoverLog {
  std::uint32_t client = 0, from = 0, to = 0;
  herd::Instant left;                      // when it left the old server, or lost it
  std::optional<herd::Instant> connected;  // to the new server
  // The first answer of the new server, and the last answer before it.
  std::optional<herd::Instant> first_answer;
  std::optional<herd::Instant> last_answer;
};

// Lines of one client that were on a connection that was open and at rest at the end, so that their
// answers will never come.
struct Unanswered {
  std::uint32_t server = 0;
  std::string sentence;  // empty after the first hundred
};

// The observations of one herd's clients.
struct FleetLog {
  std::uint64_t actions_done = 0;  // the number of Plan::actions that were done, from the first on
  std::vector<std::optional<herd::Instant>> answered;  // by update: when its answer was complete
  std::vector<QueryLog> queries;                       // by query
  std::vector<HandoverLog> handovers;                  // in the order in which the clients left
  std::vector<Unanswered> unanswered;  // by client; one for each client that has any
  // Updates and queries whose time had come and that had not gone out at the end.
  std::vector<std::uint32_t> unsent_updates, unsent_queries;
  // Bytes that came and were no whole reply, as the scenario has it: how often, and the first 40 of
  // the first.
  std::uint64_t unfinished_replies = 0;
  std::string first_unfinished;
  std::vector<std::uint32_t> connections_lost;  // by client: connections that it did not end itself
  std::vector<Digest> answers;                  // by client: all its answers, in order
  std::vector<ReplyCounts> reply_counts;        // by client
  std::vector<std::string> odd_replies;         // a sentence for each of the first ones
  LatencyHistogram schedule_lag;                // the delay of each action after its planned time
  std::vector<std::string> violations;          // one sentence each; only the first of them
  std::uint64_t violation_count = 0;
};

}  // namespace sim
