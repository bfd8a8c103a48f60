// Everything that is known of one herd at the end of its run: the plan, what its clients observed,
// its servers' decisions, and the records that they hold. The checker judges it, and the summary is
// made from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/record_store.h"
#include "sim/measure/figures/fleet_log.h"
#include "sim/measure/figures/observed.h"
#include "sim/measure/metrics/recorder.h"
#include "sim/script/plan/plan.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// One server at the end of the run. Its records are those of the server itself, which still exists.
struct ServerOutcome {
  std::uint16_t port = 0;
  bool up = true, paused = false;    // at the end
  bool has_waiting_answers = false;  // at the end, to clients; false if their world knows it
  std::uint64_t connections_peak = 0, clients_held = 0, clients_dropped = 0, links_overflowed = 0;
  const herd::RecordStore* records = nullptr;  // never null once filled in
};

struct HerdOutcome {
  const HerdSpec& spec;
  const Plan& plan;
  const FleetLog& clients;
  const Recorder& recorder;
  herd::PosixNs base = 0;  // the client time of time zero
  herd::Instant zero;      // on the recorder's scale
  std::vector<ServerOutcome> servers = {};
  std::vector<std::uint64_t> wire_bytes = {};  // by direction, like Recorder::directions()
  // At the end, by link. False also for a link that has not recovered yet, for example behind a
  // blackhole or at a paused server.
  std::vector<bool> links_up = {};
  bool quiet = true;  // no message was in flight any more
  bool rests = true;  // if it was quiet: neither was any other line of the scheme
  // The drain timed out although the herd was idle, so answers that clients still waited for will
  // never come.
  bool clients_left_waiting = false;
  std::optional<double> cpu_s = {}, rss_mib = {};
  double wall_s = 0;
  Observed observed = Observed::kInside;

  // Convert between the recorder's scale and the script's time.
  herd::Instant script_time(herd::Instant at) const { return herd::Instant(at - zero); }
  herd::Instant recorder_time(herd::Instant at) const { return zero + at.time_since_epoch(); }
  bool covered(const AcceptedUpdate& update) const { return update.reached == spec.servers.size(); }
};

}  // namespace sim
