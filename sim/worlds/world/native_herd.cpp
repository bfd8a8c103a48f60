#include "sim/worlds/world/native_herd.h"

#include <algorithm>
#include <utility>

#include "sim/worlds/net/link_model.h"

namespace sim {
namespace {

bool is_synchronized(const herd::Server& core, herd::NeighborId neighbor) {
  return core.link_is_up(neighbor) && core.recovery_is_over(neighbor);
}

}  // namespace

std::shared_ptr<const herd::NameSet> server_names(const HerdSpec& spec) {
  std::vector<std::string> names;
  names.reserve(spec.servers.size());
  for (const ServerSpec& server : spec.servers) names.push_back(server.name);
  return std::make_shared<const herd::NameSet>(std::move(names));
}

HerdRoutes make_routes(const HerdSpec& spec) {
  if (spec.propagation.info().relay != herd::SchemeInfo::Relay::kOwn) return {};
  std::vector<std::string> names;
  for (const ServerSpec& server : spec.servers) names.push_back(server.name);
  std::vector<herd::HerdMap::Link> links;
  for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
    const TwoWayConditions& conditions = spec.conditions_of(i);
    links.push_back({spec.links[i].first, spec.links[i].second, conditions.forward.latency,
                     conditions.backward.latency});
  }
  HerdRoutes routes;
  routes.map = std::make_shared<const herd::HerdMap>(std::move(names), links);
  routes.trees = std::make_shared<herd::TreeMemo>(*routes.map);
  return routes;
}

std::shared_ptr<const herd::HerdConfig> herd_config(const HerdSpec& spec,
                                                    const SharedByServers& shared) {
  const auto config = std::make_shared<herd::HerdConfig>();
  config->name = spec.name;
  config->scheme = spec.propagation;
  config->recovery = spec.recovery;
  config->compare_every = spec.compare_every;
  config->map = shared.routes.map;
  config->trees = shared.routes.trees;
  config->order = spec.order;
  config->max_ahead = spec.max_ahead;
  config->keep_alive = spec.keep_alive;
  config->seed = shared.seed;
  config->authenticator = shared.authenticator;
  config->servers = shared.servers;
  config->hash_key = shared.hash_key;
  config->record_limits = spec.record_limits;
  config->lines = shared.lines;
  return config;
}

herd::ServerConfig server_config(const HerdSpec& spec, const Adjacency& adjacency,
                                 std::uint32_t server, std::shared_ptr<const herd::HerdConfig> herd,
                                 std::uint32_t seats) {
  herd::ServerConfig config;
  config.name = spec.servers[server].name;
  config.herd = std::move(herd);
  config.outbox = spec.outbox_of(server);
  config.seat = {server, seats};
  config.neighbors.reserve(adjacency[server].size());
  for (const Adjacent& there : adjacency[server]) {
    const std::string& peer = spec.servers[there.peer].name;
    const TwoWayConditions& path = spec.conditions_of(there.link);
    const Duration round_trip =
        std::max(path.forward.latency + path.backward.latency, spec.set_round_trip);
    config.neighbors.push_back({peer, there.dials, handshake_timeout(round_trip)});
  }
  return config;
}

bool NativeHerd::all_links_up() const {
  for (std::uint32_t s = 0; s < spec().servers.size(); ++s) {
    const herd::Server* const here = core(s);
    if (here != nullptr && !here->all_links_up()) return false;
  }
  return true;
}

std::string NativeHerd::links_missing() const {
  std::string out;
  for (std::uint32_t s = 0; s < spec().servers.size(); ++s) {
    const herd::Server* const here = core(s);
    if (here == nullptr) continue;
    for (std::uint32_t n = 0; n < adjacency()[s].size(); ++n) {
      const Adjacent& there = adjacency()[s][n];
      if (!there.dials || here->link_is_up(herd::NeighborId{n})) continue;
      if (!out.empty()) out += ", ";
      out += spec().servers[s].name + " - " + spec().servers[there.peer].name;
    }
  }
  return out;
}

std::string NativeHerd::links_missing_message() const {
  const std::string links = links_missing();
  return links.empty() ? links : "no handshake in time on the links: " + links;
}

bool NativeHerd::recovered() const {
  const auto count = static_cast<std::uint32_t>(spec().servers.size());
  const bool recovers = spec().recovery != herd::Recovery::kNone;
  const Adjacency& neighbors = adjacency();
  bool all_synchronized = true, all_the_same = true;
  for (std::uint32_t i = 0, s = asked_first_; i < count; ++i, s = s + 1 == count ? 0 : s + 1) {
    const herd::Server* const here = core(s);
    if (here == nullptr) continue;
    // A paused server still has what it will send, and sends it once it goes on.
    bool may_be = here->is_quiet();
    if (recovers && may_be && acts(s)) {
      for (std::uint32_t n = 0; may_be && n < neighbors[s].size(); ++n) {
        const Adjacent& there = neighbors[s][n];
        if (link_fault(there.link) != LinkFault::kNone || !acts(there.peer)) continue;
        all_synchronized = all_synchronized && is_synchronized(*here, herd::NeighborId{n});
        all_the_same = all_the_same && here->holds_the_same(herd::NeighborId{n});
        may_be = all_synchronized || all_the_same;
      }
    }
    if (may_be) continue;
    asked_first_ = s;
    return false;
  }
  return true;
}

std::vector<bool> NativeHerd::links_synchronized() const {
  std::vector<bool> out(spec().links.size(), true);
  for (std::uint32_t s = 0; s < spec().servers.size(); ++s) {
    const herd::Server* const here = core(s);
    if (here == nullptr) continue;
    for (std::uint32_t n = 0; n < adjacency()[s].size(); ++n) {
      const herd::NeighborId neighbor{n};
      if (!is_synchronized(*here, neighbor) && !here->holds_the_same(neighbor)) {
        out[adjacency()[s][n].link] = false;
      }
    }
  }
  return out;
}

}  // namespace sim
