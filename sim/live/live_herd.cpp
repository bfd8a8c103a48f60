#include "sim/live/live_herd.h"

#include <utility>

#include "sim/io/address.h"
#include "sim/live/link_proof.h"

namespace sim {

LiveHerd::LiveHerd(IoLoop& loop, const RunClock& clock, herd::Observer& observer, Setup setup)
    : loop_(loop),
      clock_(clock),
      observer_(observer),
      setup_(std::move(setup)),
      adjacency_(make_adjacency(*setup_.spec)),
      cut_(setup_.spec->links.size()),
      servers_(setup_.spec->servers.size()) {}

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
    config.seed = setup_.seed;
    for (const Adjacent& adjacent : adjacency_[i]) {
      const std::string& peer = setup_.spec->servers[adjacent.peer].name;
      config.neighbors.push_back({peer, adjacent.dials,
                                  link_proof(setup_.secret, config.herd, config.name, peer),
                                  link_proof(setup_.secret, config.herd, peer, config.name)});
    }
    servers_[i] = std::make_unique<LiveServer>(
        loop_, clock_, static_cast<LinkDirectory&>(*this), observer_,
        LiveServer::Setup{herd::ServerId{i}, std::move(config), spec.skew, spec.host, spec.port,
                          *log, setup_.places, setup_.limits});
    if (auto error = servers_[i]->listen()) return error;
  }
  return std::nullopt;
}

void LiveHerd::start() {
  for (const auto& server : servers_) {
    if (server) server->start();
  }
}

bool LiveHerd::all_links_up() const {
  for (const auto& server : servers_) {
    if (server && !server->core().all_links_up()) return false;
  }
  return true;
}

std::string LiveHerd::links_missing() const {
  std::string out;
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if (!servers_[s]) continue;
    for (std::uint32_t n = 0; n < adjacency_[s].size(); ++n) {
      const Adjacent& adjacent = adjacency_[s][n];
      if (!adjacent.dials || servers_[s]->core().link_is_up(herd::NeighborId{n})) continue;
      if (!out.empty()) out += ", ";
      out += setup_.spec->servers[s].name + " - " + setup_.spec->servers[adjacent.peer].name;
    }
  }
  return out;
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

void LiveHerd::cut_link(std::uint32_t link) {
  if (cut_[link]) return;
  cut_[link] = true;
  at_both_ends(link, [](LiveServer& server, herd::NeighborId n) { server.cut(n); });
}

void LiveHerd::restore_link(std::uint32_t link) {
  if (!cut_[link]) return;
  cut_[link] = false;
  at_both_ends(link, [](LiveServer& server, herd::NeighborId n) { server.redial(n); });
}

std::uint16_t LiveHerd::port(std::uint32_t server) const {
  return servers_[server] ? servers_[server]->port() : setup_.spec->servers[server].port;
}

std::optional<sockaddr_storage> LiveHerd::dial_address(herd::ServerId server,
                                                       herd::NeighborId neighbor) {
  const Adjacent& adjacent = adjacency_[server.value][neighbor.value];
  if (cut_[adjacent.link]) return std::nullopt;
  return numeric_address(setup_.spec->servers[adjacent.peer].host, port(adjacent.peer));
}

}  // namespace sim
