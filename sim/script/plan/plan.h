// The plan of one herd's clients, exact to the nanosecond and made before the run. All of the
// clients' random draws are made here. The same scenario and seed give the same plan. Every herd of
// a scenario gets the same script; server names refer to its own list.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/plan/server_sites.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct PlannedClient {
  std::string id;
  std::uint32_t first_server = 0;  // index into HerdSpec::servers
  // The servers to dial if the client loses its own (failover.h). Nullopt: it dials the same server
  // again.
  std::optional<NextServer> on_loss = std::nullopt;
  std::shared_ptr<const Track> track = nullptr;  // set if on_loss looks for the nearest server
};

// An IAMAT that a client will send.
struct PlannedUpdate {
  herd::Instant at;
  std::uint32_t client = 0;   // the sender: an index into Plan::clients
  std::uint32_t subject = 0;  // the client that it reports: an index into Plan::subjects
  // The client time that it carries, counted from the base of the run's clock. If `line` is set:
  // counted from 1970.
  herd::PosixNs stamp = 0;
  GeoPoint location;
  std::int32_t line = -1;  // index into Plan::lines if the script gives the text; else -1
};

// A WHATSAT that a client will send.
struct PlannedQuery {
  herd::Instant at;
  std::uint32_t client = 0;  // the sender: an index into Plan::clients
  std::uint32_t line = 0;    // its text: an index into Plan::lines
};

enum class ActionKind {
  kUpdate,  // index: an index into Plan::updates
  kQuery,   // index: an index into Plan::queries
  kLine,    // index: an index into Plan::lines, for a line that is neither
  kMove,    // index: the server to go to
};

struct PlannedAction {
  herd::Instant at;
  std::uint32_t client = 0;
  ActionKind kind = ActionKind::kUpdate;
  std::uint32_t index = 0;
};

struct Plan {
  std::uint64_t seed = 0;
  std::uint32_t servers = 0;  // of the herd
  // The locations of its servers; set if a client looks for the nearest.
  std::shared_ptr<const ServerSites> sites;
  std::vector<PlannedClient> clients;
  // The ids that updates report: those of all clients, with the same indices, then the ids that
  // occur only in the script's own lines.
  std::vector<std::string> subjects;
  // By time; at the same time events before clients, in file order.
  std::vector<PlannedUpdate> updates;
  std::vector<PlannedQuery> queries;   // in the same order
  std::vector<std::string> lines;      // the lines that exist before they are sent
  std::vector<PlannedAction> actions;  // in the order in which they are to be done
};

Plan make_plan(const Scenario& scenario, std::uint32_t herd);

// Return the fields of an update as they go over the wire. `base` is the client time of time zero.
std::string location_text(const Plan& plan, const PlannedUpdate& update);
herd::PosixNs client_time(const PlannedUpdate& update, herd::PosixNs base);

}  // namespace sim
