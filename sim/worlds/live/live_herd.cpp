#include "sim/worlds/live/live_herd.h"

#include <algorithm>
#include <utility>

#include "core/line_memo.h"
#include "sim/base/io/address.h"
#include "sim/worlds/live/herd_secret.h"

namespace sim {
namespace {

constexpr std::size_t kMostSeats = 64;  // that take no memory of their own in a report

}  // namespace

LiveHerd::LiveHerd(IoLoop& loop, const RunClock& clock, herd::Observer& observer, Setup setup)
    : clock_(clock),
      observer_(observer),
      setup_(std::move(setup)),
      adjacency_(make_adjacency(*setup_.spec)),
      authenticator_(setup_.secret),
      alarms_(loop),
      link_faults_(setup_.spec->links.size(), LinkFault::kNone),
      servers_(setup_.spec->servers.size()) {
  for (std::uint32_t i = 0; i < link_faults_.size(); ++i) {
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
  // All servers here are on one thread, and share reports. If only some are here, there is less to
  // share, and a herd of many servers would need many seats.
  const bool share = setup_.hosted.empty() && servers_.size() <= kMostSeats;
  const std::uint32_t seats = share ? static_cast<std::uint32_t>(servers_.size()) : 0;
  const auto config = herd_config(
      *setup_.spec, {setup_.seed, &authenticator_, random_hash_key(), server_names(*setup_.spec),
                     make_routes(*setup_.spec), std::make_shared<herd::LineMemo>()});
  for (std::uint32_t i = 0; i < servers_.size(); ++i) {
    const ServerSpec& spec = setup_.spec->servers[i];
    if (!hosts(spec.name)) continue;
    auto log = logs.open(setup_.spec->name, spec.name);
    if (!log) return log.error();

    servers_[i] = std::make_unique<LiveServer>(
        alarms_, clock_, static_cast<LinkDirectory&>(*this), observer_,
        LiveServer::Setup{
            {herd::ServerId{i}, setup_.spec->name, spec, *log, setup_.places, setup_.limits},
            server_config(*setup_.spec, adjacency_, i, config, seats),
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

sockaddr_storage LiveHerd::address(std::uint32_t server) const {
  return *numeric_address(setup_.spec->servers[server].host, port(server));
}

template <class Action>
void LiveHerd::at_both_ends(std::uint32_t link, Action action) {
  at_both_endpoints(link, [&](std::uint32_t server, herd::NeighborId neighbor) {
    if (servers_[server]) action(*servers_[server], neighbor);
  });
}

template <>
void LiveHerd::do_fault(const CutLink& cut) {
  if (cut.how == CutHow::kBlackhole) {
    link_faults_[cut.link] = blackhole(cut.ways);
    at_both_ends(cut.link, [this](LiveServer& server, herd::NeighborId n) {
      if (is_unheard(server.core().id(), n)) server.way(n).hold();
    });
    return;
  }
  link_faults_[cut.link] = LinkFault::kCut;
  at_both_ends(cut.link, [&](LiveServer& server, herd::NeighborId n) {
    server.cut(n, cut.how == CutHow::kReset);
  });
}

template <>
void LiveHerd::do_fault(const RestoreLink& restore) {
  const std::uint32_t link = restore.link;
  link_faults_[link] = LinkFault::kNone;
  const auto kept = kept_.find(link);
  if (kept != kept_.end()) {
    for (Stream* stream : kept->second) stream->reset();
    kept_.erase(kept);
  }
  at_both_ends(link, [](LiveServer& server, herd::NeighborId n) { server.way(n).release(); });
  at_both_ends(link, [](LiveServer& server, herd::NeighborId n) { server.redial(n); });
}

template <>
void LiveHerd::do_fault(const SetLink& set) {
  conditions_[set.link] = set.conditions;
  at_both_ends(set.link, [&](LiveServer& server, herd::NeighborId n) {
    const bool forward = adjacent(server.core().id(), n).dials;
    server.set_way(n, forward ? set.conditions.forward : set.conditions.backward);
  });
}

template <>
void LiveHerd::do_fault(const StopServer& stop) {
  const std::uint32_t server = stop.server;
  if (!servers_[server]) {
    elsewhere_[server].up = elsewhere_[server].paused = false;
    return;
  }
  servers_[server]->stop();
  setup_.on_server_changed(herd::ServerId{server}, false);
}

template <>
void LiveHerd::do_fault(const StartServer& start) {
  const std::uint32_t server = start.server;
  if (!servers_[server]) {
    elsewhere_[server].up = true;
    return;
  }
  setup_.on_server_changed(herd::ServerId{server}, true);
  if (auto error = servers_[server]->start_again()) setup_.on_failure(*error);
}

template <>
void LiveHerd::do_fault(const PauseServer& pause) {
  const std::uint32_t server = pause.server;
  if (!servers_[server]) {
    elsewhere_[server].paused = elsewhere_[server].up;
    return;
  }
  servers_[server]->pause();
}

template <>
void LiveHerd::do_fault(const ResumeServer& resume) {
  const std::uint32_t server = resume.server;
  if (!servers_[server]) {
    elsewhere_[server].paused = false;
    return;
  }
  servers_[server]->resume();
}

template <>
void LiveHerd::do_fault(const SetPlaces&) {}

void LiveHerd::apply(const Fault& fault) {
  std::visit([this](const auto& each) { do_fault(each); }, fault);
}

bool LiveHerd::acts(std::uint32_t server) const {
  if (const auto& here = servers_[server]) return here->is_up() && !here->is_paused();
  return elsewhere_[server].up && !elsewhere_[server].paused;
}

std::uint16_t LiveHerd::port(std::uint32_t server) const {
  return servers_[server] ? servers_[server]->port() : elsewhere_[server].port;
}

sockaddr_storage LiveHerd::neighbor_address(herd::ServerId server,
                                            herd::NeighborId neighbor) const {
  return address(adjacent(server, neighbor).peer);
}

const LinkConditions& LiveHerd::way_back(herd::ServerId server, herd::NeighborId neighbor) const {
  const Adjacent& there = adjacent(server, neighbor);
  return there.dials ? conditions_[there.link].backward : conditions_[there.link].forward;
}

void LiveHerd::keep_until_restored(herd::ServerId server, herd::NeighborId neighbor,
                                   Stream& stream) {
  stream.disown();
  kept_[adjacent(server, neighbor).link].push_back(&stream);
}

}  // namespace sim
