// Everything that is known of one herd when its run is over: what was planned, what its clients
// saw, what its servers decided, what they hold in the end. The checker judges it and the summary
// is made of it.
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

// One server as the world left it. Its records are the server's own, which still lives.
struct ServerOutcome {
  std::uint16_t port = 0;
  bool up = true, paused = false;  // at the end
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
  std::vector<std::uint64_t> wire_bytes = {};  // by direction, as Recorder::directions()
  // At the end; not where it has still to recover, as behind a blackhole or at a paused server.
  std::vector<bool> links_up = {};
  bool quiet = true;  // nothing was under way any more
  // The drain ran out although the herd had nothing more to do: what clients still waited for will
  // not come.
  bool clients_left_waiting = false;
  std::optional<double> cpu_s = {}, rss_mib = {};
  double wall_s = 0;
  Observed observed = Observed::kInside;

  // The script's time of an instant on the recorder's scale, and the other way.
  herd::Instant script_time(herd::Instant at) const { return herd::Instant(at - zero); }
  herd::Instant recorder_time(herd::Instant at) const { return zero + at.time_since_epoch(); }
  bool covered(const AcceptedUpdate& update) const { return update.reached == spec.servers.size(); }
};

}  // namespace sim
