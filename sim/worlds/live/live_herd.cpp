#include "sim/worlds/live/live_herd.h"

#include <algorithm>
#include <utility>

#include "sim/base/io/address.h"
#include "sim/worlds/live/link_mac.h"

namespace sim {

LiveHerd::LiveHerd(IoLoop& loop, const RunClock& clock, herd::Observer& observer, Setup setup)
    : clock_(clock),
      observer_(observer),
      setup_(std::move(setup)),
      adjacency_(make_adjacency(*setup_.spec)),
      alarms_(loop),
      links_(setup_.spec->links.size(), LinkState::kUp),
      servers_(setup_.spec->servers.size()) {
  for (std::uint32_t i = 0; i < links_.size(); ++i) {
    conditions_.push_back(setup_.spec->conditions_of(i));
  }
  for (const ServerSpec& server : setup_.spec->servers) elsewhere_.push_back({server.port});
}

LiveHerd::~LiveHerd() {
  for (const auto& [link, streams] : kept_) {
    for (Stream* stream : streams) stream->abandon();
  }
}

std::vector<LinkModel> LiveHerd::ways_of(std::uint32_t server) const {
  std::vector<LinkModel> ways;
  for (const Adjacent& there : adjacency_[server]) {
    const TwoWayConditions& conditions = conditions_[there.link];
    const auto& servers = setup_.spec->servers;
    ways.emplace_back(setup_.seed, link_stream(servers[server].name, servers[there.peer].name),
                      there.dials ? conditions.forward : conditions.backward);
  }
  return ways;
}

std::optional<Error> LiveHerd::listen(const ServerLogs& logs) {
  for (std::uint32_t i = 0; i < servers_.size(); ++i) {
    const ServerSpec& spec = setup_.spec->servers[i];
    if (!hosts(spec.name)) continue;
    auto log = logs.open(setup_.spec->name, spec.name);
    if (!log) return log.error();

    herd::ServerConfig config;
    config.herd = setup_.spec->name;
    config.name = spec.name;
    config.scheme = setup_.spec->propagation;
    config.recovery = setup_.spec->recovery;
    config.order = setup_.spec->order;
    config.keep_alive = setup_.spec->keep_alive;
    config.seed = setup_.seed;
    for (const Adjacent& adjacent : adjacency_[i]) {
      const std::string& peer = setup_.spec->servers[adjacent.peer].name;
      config.neighbors.push_back({peer, adjacent.dials,
                                  link_mac(setup_.secret, config.herd, config.name, peer),
                                  link_mac(setup_.secret, config.herd, peer, config.name),
                                  handshake_timeout(conditions_[adjacent.link])});
    }
    servers_[i] = std::make_unique<LiveServer>(
        alarms_, clock_, static_cast<LinkDirectory&>(*this), observer_,
        LiveServer::Setup{
            {herd::ServerId{i}, setup_.spec->name, spec, *log, setup_.places, setup_.limits},
            std::move(config),
            ways_of(i)});
    if (auto error = servers_[i]->listen()) return error;
  }
  return std::nullopt;
}

void LiveHerd::set_zero(herd::Instant zero) {
  for (const auto& server : servers_) {
    if (server) server->set_zero(zero);
  }
}

void LiveHerd::start() {
  for (const auto& server : servers_) {
    if (server) server->start();
  }
}

bool LiveHerd::ready() const {
  for (const auto& server : servers_) {
    if (server && !server->core().all_links_up()) return false;
  }
  return true;
}

std::string LiveHerd::links_missing() const {
  std::string links;
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if (!servers_[s]) continue;
    for (std::uint32_t n = 0; n < adjacency_[s].size(); ++n) {
      const Adjacent& adjacent = adjacency_[s][n];
      if (!adjacent.dials || servers_[s]->core().link_is_up(herd::NeighborId{n})) continue;
      if (!links.empty()) links += ", ";
      links += setup_.spec->servers[s].name + " - " + setup_.spec->servers[adjacent.peer].name;
    }
  }
  return links;
}

std::string LiveHerd::missing() const {
  const std::string links = links_missing();
  return links.empty() ? links : words_for_missing(links);
}

std::string LiveHerd::words_for_missing(const std::string& links) {
  return "links not proven in time: " + links;
}

sockaddr_storage LiveHerd::address(std::uint32_t server) const {
  return *numeric_address(setup_.spec->servers[server].host, port(server));
}

bool LiveHerd::settled() const {
  return setup_.spec->recovery == herd::Recovery::kNone || recovered();
}

template <class Action>
void LiveHerd::at_both_ends(std::uint32_t link, Action action) {
  const LinkSpec spec = setup_.spec->links[link];
  for (const std::uint32_t s : {spec.first, spec.second}) {
    if (!servers_[s]) continue;
    for (std::uint32_t n = 0; n < adjacency_[s].size(); ++n) {
      if (adjacency_[s][n].link == link) action(*servers_[s], herd::NeighborId{n});
    }
  }
}

void LiveHerd::cut_link(std::uint32_t link, CutHow how) {
  if (how == CutHow::kBlackhole) {
    links_[link] = LinkState::kBlackhole;
    at_both_ends(link, [](LiveServer& server, herd::NeighborId n) { server.way(n).hold(); });
    return;
  }
  links_[link] = LinkState::kCut;
  at_both_ends(link, [how](LiveServer& server, herd::NeighborId n) {
    server.cut(n, how == CutHow::kReset);
  });
}

void LiveHerd::restore_link(std::uint32_t link) {
  links_[link] = LinkState::kUp;
  const auto kept = kept_.find(link);
  if (kept != kept_.end()) {
    for (Stream* stream : kept->second) stream->reset();
    kept_.erase(kept);
  }
  at_both_ends(link, [](LiveServer& server, herd::NeighborId n) { server.way(n).release(); });
  at_both_ends(link, [](LiveServer& server, herd::NeighborId n) { server.redial(n); });
}

void LiveHerd::set_link(std::uint32_t link, const TwoWayConditions& conditions) {
  conditions_[link] = conditions;
  at_both_ends(link, [&](LiveServer& server, herd::NeighborId n) {
    const bool forward = adjacent(server.core().id(), n).dials;
    server.way(n).model().set(forward ? conditions.forward : conditions.backward);
  });
}

void LiveHerd::stop_server(std::uint32_t server) {
  if (!servers_[server]) {
    elsewhere_[server].up = elsewhere_[server].paused = false;
    return;
  }
  servers_[server]->stop();
  setup_.on_server_changed(herd::ServerId{server}, false);
}

void LiveHerd::start_server(std::uint32_t server) {
  if (!servers_[server]) {
    elsewhere_[server].up = true;
    return;
  }
  setup_.on_server_changed(herd::ServerId{server}, true);
  if (auto error = servers_[server]->start_again()) setup_.on_failure(*error);
}

void LiveHerd::pause_server(std::uint32_t server) {
  if (!servers_[server]) {
    elsewhere_[server].paused = elsewhere_[server].up;
    return;
  }
  servers_[server]->pause();
}

void LiveHerd::resume_server(std::uint32_t server) {
  if (!servers_[server]) {
    elsewhere_[server].paused = false;
    return;
  }
  servers_[server]->resume();
}

bool LiveHerd::acts(std::uint32_t server) const {
  if (const auto& here = servers_[server]) return here->is_up() && !here->is_paused();
  return elsewhere_[server].up && !elsewhere_[server].paused;
}

bool LiveHerd::recovered() const {
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if (!servers_[s] || !acts(s)) continue;
    for (std::uint32_t n = 0; n < adjacency_[s].size(); ++n) {
      const Adjacent& neighbor = adjacency_[s][n];
      if (links_[neighbor.link] != LinkState::kUp || !acts(neighbor.peer)) continue;
      const herd::Server& core = servers_[s]->core();
      if (!core.link_is_up(herd::NeighborId{n}) || !core.recovery_is_over(herd::NeighborId{n})) {
        return false;
      }
    }
  }
  return true;
}

std::uint16_t LiveHerd::port(std::uint32_t server) const {
  return servers_[server] ? servers_[server]->port() : elsewhere_[server].port;
}

std::optional<sockaddr_storage> LiveHerd::dial_address(herd::ServerId server,
                                                       herd::NeighborId neighbor) {
  const Adjacent& there = adjacent(server, neighbor);
  if (links_[there.link] == LinkState::kCut) return std::nullopt;
  return numeric_address(setup_.spec->servers[there.peer].host, port(there.peer));
}

const LinkConditions& LiveHerd::way_back(herd::ServerId server, herd::NeighborId neighbor) const {
  const Adjacent& there = adjacent(server, neighbor);
  return there.dials ? conditions_[there.link].backward : conditions_[there.link].forward;
}

bool LiveHerd::is_blackhole(herd::ServerId server, herd::NeighborId neighbor) const {
  return links_[adjacent(server, neighbor).link] == LinkState::kBlackhole;
}

void LiveHerd::keep_until_restored(herd::ServerId server, herd::NeighborId neighbor,
                                   Stream& stream) {
  stream.disown();
  kept_[adjacent(server, neighbor).link].push_back(&stream);
}

}  // namespace sim
