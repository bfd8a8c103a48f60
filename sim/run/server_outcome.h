// The outcome of one of our servers on real sockets, for the metrics.
#pragma once

#include "core/record_store.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/worlds/live/server_shell.h"

namespace sim {

// Returns a server's outcome. `records`, which must outlive it, are the records that the server
// holds.
inline ServerOutcome outcome_of(const ServerShell& server, const herd::RecordStore& records) {
  ServerOutcome out;
  out.port = server.port();
  out.up = server.is_up();
  out.paused = server.is_paused();
  out.has_waiting_answers = server.has_waiting_answers();
  out.connections_peak = server.stats().connections_peak;
  out.clients_held = server.stats().clients_held;
  out.clients_dropped = server.stats().clients_dropped;
  out.links_overflowed = server.stats().links_overflowed;
  out.records = &records;
  return out;
}

}  // namespace sim
