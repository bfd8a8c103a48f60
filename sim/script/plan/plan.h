// What one herd's clients are going to do, to the nanosecond, worked out before the run: every
// random draw is made here. The same scenario and seed give the same plan; every herd of a scenario
// is given the same script, with server names read in its own list.
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
  std::uint32_t first_server = 0;  // a place in HerdSpec::servers
  // Where it goes when its server is gone, see failover.h; none: it dials the same one again.
  std::optional<NextServer> on_loss = std::nullopt;
  std::shared_ptr<const Track> track = nullptr;  // where on_loss looks for the nearest
};

// An IAMAT that a client is going to send.
struct PlannedUpdate {
  herd::Instant at;
  std::uint32_t client = 0;   // who sends it: a place in Plan::clients
  std::uint32_t subject = 0;  // whom it speaks of: a place in Plan::subjects
  // The client time that it carries, from the base of the run's clock; or, with a `line` of its
  // own, since 1970.
  herd::PosixNs stamp = 0;
  GeoPoint location;
  std::int32_t line = -1;  // a place in Plan::lines where the script gives it word for word
};

// A WHATSAT that a client is going to send.
struct PlannedQuery {
  herd::Instant at;
  std::uint32_t client = 0;  // who sends it: a place in Plan::clients
  std::uint32_t line = 0;    // what it says: a place in Plan::lines
};

enum class ActionKind {
  kUpdate,  // index: a place in Plan::updates
  kQuery,   // index: a place in Plan::queries
  kLine,    // index: a place in Plan::lines, of a line that is neither
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
  std::uint32_t servers = 0;                 // of the herd
  std::shared_ptr<const ServerSites> sites;  // of its servers, where clients look for the nearest
  std::vector<PlannedClient> clients;
  // The ids that updates speak of: every client's own, in the same places, then those that only
  // the script's own lines name.
  std::vector<std::string> subjects;
  std::vector<PlannedUpdate> updates;  // by time; at one time events before clients, in file order
  std::vector<PlannedQuery> queries;   // likewise
  std::vector<std::string> lines;      // those that are not made up as they are sent
  std::vector<PlannedAction> actions;  // in the order in which they are to be done
};

Plan make_plan(const Scenario& scenario, std::uint32_t herd);

// The fields of an update as they go over the wire, `base` being the client time of time zero.
std::string location_text(const Plan& plan, const PlannedUpdate& update);
herd::PosixNs client_time(const PlannedUpdate& update, herd::PosixNs base);

}  // namespace sim
