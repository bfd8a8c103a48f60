#include "sim/worlds/virtual/virtual_herd.h"

#include <utility>

#include "core/limits.h"
#include "core/line_memo.h"
#include "sim/worlds/virtual/assured_links.h"

namespace sim {
namespace {

// So many servers do not fit into the processor's caches. Measured: looking ahead makes a run of
// 400 servers a fifth slower, and one of 3,000 a third faster.
constexpr std::size_t kManyServers = 800;

// All nonces and all MACs are the same: nobody else is in this world. They are as long as the live
// ones, so that a handshake takes the same bytes.
class VirtualAuthenticator final : public herd::Authenticator {
 public:
  std::string make_nonce() override { return std::string(kSize, '0'); }
  std::string mac(const herd::MacFields&) override { return std::string(kSize, '0'); }

 private:
  static constexpr std::size_t kSize = 64;
};

}  // namespace

herd::Result<std::unique_ptr<VirtualHerd>, Error> VirtualHerd::create(
    VirtualLoop& loop, const HerdSpec& spec, std::uint64_t seed, herd::Observer& observer,
    const ReportPrefetch* prefetch) {
  auto places = VirtualPlaces::create(loop, spec.places, seed);
  if (!places) return Error{"herd " + spec.name + ": places: " + places.error().message};
  return std::unique_ptr<VirtualHerd>(
      new VirtualHerd(loop, spec, seed, observer, std::move(*places), prefetch));
}

VirtualHerd::VirtualHerd(VirtualLoop& loop, const HerdSpec& spec, std::uint64_t seed,
                         herd::Observer& observer, std::unique_ptr<VirtualPlaces> places,
                         const ReportPrefetch* prefetch)
    : loop_(loop),
      spec_(spec),
      observer_(observer),
      adjacency_(make_adjacency(spec)),
      authenticator_(std::make_unique<VirtualAuthenticator>()),
      handler_(loop.add_handler(*this)),
      tasks_(loop),
      pipes_(loop, *this, spec.wire == Wire::kText),
      links_(spec, seed, pipes_),
      places_(std::move(places)),
      may_assure_(may_assure_links(spec)),
      prefetch_(prefetch),
      duplicates_pass_(!pipes_.as_text()),
      server_count_(static_cast<std::uint32_t>(spec.servers.size())),
      servers_(server_count_) {
  // The key is fixed, so that a run is the same on every machine.
  const auto shared = herd_config(spec, {seed,
                                         authenticator_.get(),
                                         {},
                                         server_names(spec),
                                         make_routes(spec),
                                         std::make_shared<herd::LineMemo>()});
  for (std::uint32_t i = 0; i < servers_.size(); ++i) {
    const VirtualServer::Setup setup{herd::ServerId{i}, spec.servers[i].skew, spec.service_time};
    VirtualSurroundings& surroundings = *this;
    herd::ServerConfig config = server_config(spec, adjacency_, i, shared, server_count());
    // A clock that is wrong is the server's own.
    duplicates_pass_ &= setup.skew == ClockSkew() && herd::Server::only_reports_duplicates(config);
    servers_[i].emplace(loop, pipes_, links_, surroundings, observer, setup, std::move(config));
  }
  if (servers_.size() >= kManyServers) loop_.look_ahead();
}

void VirtualHerd::start() {
  for (auto& server : servers_) server->start();
}

bool VirtualHerd::ready() const {
  return links_proven_ >= 2 * spec_.links.size() && all_links_up();
}

template <class Action>
void VirtualHerd::at_both_ends(std::uint32_t link, Action action) {
  at_both_endpoints(link, [&](std::uint32_t server, herd::NeighborId neighbor) {
    action(*servers_[server], neighbor);
  });
}

template <>
void VirtualHerd::do_fault(const CutLink& cut) {
  end_assurance(endpoint_of(cut.link));
  if (cut.how == CutHow::kBlackhole) {
    links_.set_fault(cut.link, blackhole(cut.ways));
    return links_.hold(cut.link);
  }
  links_.set_fault(cut.link, LinkFault::kCut);
  at_both_ends(cut.link, [&](VirtualServer& server, herd::NeighborId n) {
    server.cut(n, cut.how == CutHow::kReset);
  });
}

template <>
void VirtualHerd::do_fault(const RestoreLink& restore) {
  const std::uint32_t link = restore.link;
  end_assurance(endpoint_of(link));
  links_.set_fault(link, LinkFault::kNone);
  at_both_ends(link, [](VirtualServer& server, herd::NeighborId n) { server.reset_kept(n); });
  links_.release(link);
  at_both_ends(link, [](VirtualServer& server, herd::NeighborId n) { server.redial(n); });
  assure(endpoint_of(link));
}

template <>
void VirtualHerd::do_fault(const SetLink& set) {
  end_assurance(endpoint_of(set.link));
  links_.set_conditions(set.link, set.conditions);
  at_both_ends(set.link, [](VirtualServer& server, herd::NeighborId n) { server.way_changed(n); });
  assure(endpoint_of(set.link));
}

template <>
void VirtualHerd::do_fault(const StopServer& stop) {
  end_assurances_of(stop.server);
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
  end_assurances_of(pause.server);
  servers_[pause.server]->pause();
}

template <>
void VirtualHerd::do_fault(const ResumeServer& resume) {
  servers_[resume.server]->resume();
  assure_all_of(resume.server);
}

template <>
void VirtualHerd::do_fault(const SetPlaces& set) {
  places_->set_faults(set.faults);
}

void VirtualHerd::apply(const Fault& fault) {
  std::visit([this](const auto& each) { do_fault(each); }, fault);
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
  if (piece.kind() == Piece::Kind::kReport) {
    const herd::RecordView& report = pipes_.report(piece);
    if (is_mere_duplicate(end, *report.kept)) {
      const herd::Moment now{loop_.now(), kVirtualBase + since_zero(loop_.now()).count()};
      herd::Server::duplicate_received(herd::ServerId{end.server}, herd::NeighborId{end.link},
                                       report, observer_, now);
      return pipes_.done(pipe, piece);
    }
  }
  servers_[end.server]->arrived(pipe, end, piece);
}

void VirtualHerd::prefetch_report(PipeEnd end, const herd::KeptReport& report) {
  const bool is_counted = prefetch_ != nullptr && end.link != PipeEnd::kNoLink;
  if (is_counted) {
    prefetch_->prefetch_report(herd::ServerId{end.server}, end.counts);
  }
  const bool is_noted = report.is_noted_at({end.server, server_count()});
  if (is_noted && duplicates_pass_) return;
  servers_[end.server]->prefetch_report();
  if (is_counted && !is_noted) prefetch_news({end.server, end.counts, report.client_hash()});
}

void VirtualHerd::prefetch_news(const ComingNews& news) {
  const auto [second, third, last] = coming_news_;
  servers_[news.server]->prefetch_core();
  servers_[second.server]->prefetch_tables(second.client_hash);
  prefetch_->prefetch_news(herd::ServerId{second.server}, second.counts);
  servers_[third.server]->prefetch_sending(third.client_hash);
  prefetch_->prefetch_sending(herd::ServerId{third.server});
  if (pipes_.has_models()) servers_[last.server]->prefetch_paths();
  coming_news_ = {news, second, third};
}

void VirtualHerd::link_proven(herd::ServerId server, herd::NeighborId neighbor, PipeId in) {
  pipes_.set_link(in, neighbor.value, prefetch_ ? prefetch_->counts_of(server, neighbor) : 0);
  ++links_proven_;
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
  places_->ask(server_index, question,
               [&asking, query, life = asking.life()](herd::SharedText json) {
                 asking.places_answer(query, life, std::move(json));
               });
}

}  // namespace sim
