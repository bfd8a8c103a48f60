#include "sim/worlds/virtual/virtual_herd.h"

#include <utility>

#include "core/limits.h"

namespace sim {
namespace {

// As long as the live ones, so that greetings take the same bytes; who would forge one?
const std::string kProof(64, '0');

}  // namespace

herd::Result<std::unique_ptr<VirtualHerd>, Error> VirtualHerd::create(
    VirtualLoop& loop, const HerdSpec& spec, std::uint64_t seed, herd::Observer& observer,
    const ReportForesight* foresight) {
  auto places = VirtualPlaces::create(loop, spec.places, seed);
  if (!places) return Error{"herd " + spec.name + ": places: " + places.error().message};
  return std::unique_ptr<VirtualHerd>(
      new VirtualHerd(loop, spec, seed, observer, std::move(*places), foresight));
}

VirtualHerd::VirtualHerd(VirtualLoop& loop, const HerdSpec& spec, std::uint64_t seed,
                         herd::Observer& observer, std::unique_ptr<VirtualPlaces> places,
                         const ReportForesight* foresight)
    : loop_(loop),
      spec_(spec),
      adjacency_(make_adjacency(spec)),
      handler_(loop.add_handler(*this)),
      pipes_(loop, *this, spec.wire == Wire::kText),
      links_(spec, seed, pipes_),
      places_(std::move(places)),
      foresight_(foresight),
      servers_(spec.servers.size()) {
  for (std::uint32_t i = 0; i < servers_.size(); ++i) {
    const VirtualServer::Setup setup{herd::ServerId{i}, spec.servers[i].skew, spec.service_time};
    VirtualSurroundings& surroundings = *this;
    servers_[i].emplace(loop, pipes_, links_, surroundings, observer, setup, config_of(i, seed));
  }
}

herd::ServerConfig VirtualHerd::config_of(std::uint32_t server, std::uint64_t seed) const {
  herd::ServerConfig config;
  config.herd = spec_.name;
  config.name = spec_.servers[server].name;
  config.scheme = spec_.propagation;
  config.recovery = spec_.recovery;
  config.order = spec_.order;
  config.keep_alive = spec_.keep_alive;
  config.seed = seed;
  config.neighbors.reserve(adjacency_[server].size());
  for (const Adjacent& there : adjacency_[server]) {
    config.neighbors.push_back({spec_.servers[there.peer].name, there.dials, kProof, kProof,
                                handshake_timeout(spec_.conditions_of(there.link))});
  }
  return config;
}

void VirtualHerd::start() {
  for (auto& server : servers_) server->start();
}

bool VirtualHerd::all_links_up() const {
  if (links_proven_ < 2 * spec_.links.size()) return false;
  for (const auto& server : servers_) {
    if (!server->core().all_links_up()) return false;
  }
  return true;
}

std::string VirtualHerd::links_missing() const {
  std::string out;
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    for (std::uint32_t n = 0; n < adjacency_[s].size(); ++n) {
      const Adjacent& there = adjacency_[s][n];
      if (!there.dials || servers_[s]->core().link_is_up(herd::NeighborId{n})) continue;
      if (!out.empty()) out += ", ";
      out += spec_.servers[s].name + " - " + spec_.servers[there.peer].name;
    }
  }
  return out;
}

template <class Action>
void VirtualHerd::at_both_ends(std::uint32_t link, Action action) {
  const LinkSpec spec = spec_.links[link];
  for (const std::uint32_t s : {spec.first, spec.second}) {
    for (std::uint32_t n = 0; n < adjacency_[s].size(); ++n) {
      if (adjacency_[s][n].link == link) action(*servers_[s], herd::NeighborId{n});
    }
  }
}

template <>
void VirtualHerd::do_fault(const CutLink& cut) {
  if (cut.how == CutHow::kBlackhole) {
    links_.set_state(cut.link, VirtualLinks::State::kBlackhole);
    return links_.hold(cut.link);
  }
  links_.set_state(cut.link, VirtualLinks::State::kCut);
  at_both_ends(cut.link, [&](VirtualServer& server, herd::NeighborId n) {
    server.cut(n, cut.how == CutHow::kReset);
  });
}

template <>
void VirtualHerd::do_fault(const RestoreLink& restore) {
  const std::uint32_t link = restore.link;
  links_.set_state(link, VirtualLinks::State::kUp);
  at_both_ends(link, [](VirtualServer& server, herd::NeighborId n) { server.reset_kept(n); });
  links_.release(link);
  at_both_ends(link, [](VirtualServer& server, herd::NeighborId n) { server.redial(n); });
}

template <>
void VirtualHerd::do_fault(const SetLink& set) {
  links_.set_conditions(set.link, set.conditions);
}

template <>
void VirtualHerd::do_fault(const StopServer& stop) {
  servers_[stop.server]->stop();
  if (on_server_changed_) on_server_changed_(herd::ServerId{stop.server}, false);
}

template <>
void VirtualHerd::do_fault(const StartServer& start) {
  if (on_server_changed_) on_server_changed_(herd::ServerId{start.server}, true);
  servers_[start.server]->start_again();
}

template <>
void VirtualHerd::do_fault(const PauseServer& pause) {
  servers_[pause.server]->pause();
}

template <>
void VirtualHerd::do_fault(const ResumeServer& resume) {
  servers_[resume.server]->resume();
}

template <>
void VirtualHerd::do_fault(const SetPlaces& set) {
  places_->set_faults(set.faults);
}

void VirtualHerd::apply(const Fault& fault) {
  std::visit([this](const auto& each) { do_fault(each); }, fault);
}

bool VirtualHerd::recovered() const {
  const auto acts = [](const VirtualServer& server) {
    return server.is_up() && !server.is_paused();
  };
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if (!acts(*servers_[s])) continue;
    for (std::uint32_t n = 0; n < adjacency_[s].size(); ++n) {
      const Adjacent& there = adjacency_[s][n];
      if (links_.state(there.link) != VirtualLinks::State::kUp || !acts(*servers_[there.peer])) {
        continue;
      }
      const herd::Server& core = servers_[s]->core();
      if (!core.link_is_up(herd::NeighborId{n}) || !core.recovery_is_over(herd::NeighborId{n})) {
        return false;
      }
    }
  }
  return true;
}

VirtualHerd::ClientPipes VirtualHerd::connect_client(std::uint32_t server_index,
                                                     std::uint32_t client_connection) {
  ClientPipes made;
  made.down = pipes_.open({.connection = client_connection});
  const herd::ConnectionId there = servers_[server_index]->accept(made.down);
  made.up = pipes_.open({server_index, there.value});
  servers_[server_index]->set_pipe_in(there, made.up);
  return made;
}

void VirtualHerd::arrived(PipeId pipe, PipeEnd end, Piece piece) {
  if (end.is_client()) return clients_->arrived(end.connection, pipe, piece);
  servers_[end.server]->arrived(pipe, end, piece);
}

void VirtualHerd::report_coming(PipeEnd end, const herd::KeptReport& report, int step) {
  servers_[end.server]->look_ahead(report, step);
  if (foresight_ != nullptr && end.link != PipeEnd::kNoLink) {
    foresight_->report_coming(herd::ServerId{end.server}, herd::NeighborId{end.link}, step);
  }
}

void VirtualHerd::happen(std::uint32_t target, std::uint32_t payload) {
  if (payload == kWake) {
    servers_[target]->deadline_reached();
  } else {
    servers_[target]->line_served();
  }
}

void VirtualHerd::ask_places(std::uint32_t server_index, herd::QueryId query,
                             const herd::PlacesQuestion& question) {
  VirtualServer& asking = *servers_[server_index];
  places_->ask(server_index, question, [&asking, query, life = asking.life()](std::string json) {
    asking.places_answer(query, life, std::move(json));
  });
}

}  // namespace sim
