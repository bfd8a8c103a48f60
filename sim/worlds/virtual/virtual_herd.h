// One herd in virtual time: its servers, the links between them, and the pipes that carry their
// lines and those of their clients.
//
// One thread, the loop's.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/handshake.h"
#include "core/observer.h"
#include "core/result.h"
#include "sim/base/huge_pages.h"
#include "sim/base/io/uv_error.h"
#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/fault.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/virtual/pipes.h"
#include "sim/worlds/virtual/virtual_links.h"
#include "sim/worlds/virtual/virtual_loop.h"
#include "sim/worlds/virtual/virtual_places.h"
#include "sim/worlds/virtual/virtual_server.h"
#include "sim/worlds/virtual/virtual_tasks.h"
#include "sim/worlds/world/native_herd.h"
#include "sim/worlds/world/report_prefetch.h"

namespace sim {

// The clients' side of the pipes.
class VirtualClientEnds {
 public:
  virtual ~VirtualClientEnds() = default;
  virtual void arrived(std::uint32_t client_connection, PipeId pipe, Piece piece) = 0;
  virtual void was_reset(std::uint32_t client_connection) = 0;
};

class VirtualHerd final : public NativeHerd,
                          private PipeReceiver,
                          private VirtualSurroundings,
                          private VirtualEventHandler {
 public:
  // Returns an error if the herd's Places data cannot be read. The loop, the spec, the observer
  // and `prefetch`, which may be null, must outlive the herd.
  static herd::Result<std::unique_ptr<VirtualHerd>, Error> create(VirtualLoop& loop,
                                                                  const HerdSpec& spec,
                                                                  std::uint64_t seed,
                                                                  herd::Observer& observer,
                                                                  const ReportPrefetch* prefetch);

  // Sets what is called when a server has died, after its links' endpoints were reported down, and
  // when it is about to start again.
  void set_on_server_changed(std::function<void(herd::ServerId, bool up)> action) {
    on_server_changed_ = std::move(action);
  }
  // Before any client connects.
  void set_client_ends(VirtualClientEnds& clients) { clients_ = &clients; }

  // Dials every link.
  void start();
  // Before the results are read: accounts for the ALIVE lines that were not played so far. No event
  // may follow.
  void account_alives();
  // Returns true if every link is proven at both endpoints. Fast until it may be.
  bool ready() const;
  // When time zero is.
  void set_zero(herd::Instant zero) { zero_ = zero; }

  // Does the fault to the herd, now.
  void apply(const Fault& fault);

  // A client's connection to a server: the pipe up to the server, and the one down to the client.
  struct ClientPipes {
    PipeId up = kNoPipe, down = kNoPipe;
  };
  bool accepts(std::uint32_t server_index) const { return servers_[server_index]->is_up(); }
  // Precondition: accepts(). Each side leaves and shuts its own ends of the pipes.
  ClientPipes connect_client(std::uint32_t server_index, std::uint32_t client_connection);

  Pipes& pipes() { return pipes_; }
  const Pipes& pipes() const { return pipes_; }
  // NativeHerd. All servers are hosted here.
  const HerdSpec& spec() const override { return spec_; }
  const Adjacency& adjacency() const override { return adjacency_; }
  const herd::Server* core(std::uint32_t index) const override { return &servers_[index]->core(); }
  bool acts(std::uint32_t index) const override {
    return servers_[index]->is_up() && !servers_[index]->is_paused();
  }
  LinkFault link_fault(std::uint32_t link) const override { return links_.fault(link); }

  const VirtualServer& server(std::uint32_t index) const { return *servers_[index]; }
  const VirtualLinks& links() const { return links_; }

 private:
  enum : std::uint32_t { kWake, kServe };  // payloads of the events, whose target is the server

  VirtualHerd(VirtualLoop& loop, const HerdSpec& spec, std::uint64_t seed, herd::Observer& observer,
              std::unique_ptr<VirtualPlaces> places, const ReportPrefetch* prefetch);

  // Each fault's effect is a specialization; apply() does not compile without it.
  template <class Kind>
  void do_fault(const Kind& fault) = delete;
  std::uint32_t server_count() const { return server_count_; }
  // Calls `action(server, neighbor)` for both endpoints of a link.
  template <class Action>
  void at_both_ends(std::uint32_t link, Action action);

  // Returns whether the report, which has come out of a pipe, is a duplicate that its server would
  // only report to the observer.
  bool is_mere_duplicate(PipeEnd end, const herd::KeptReport& report) const {
    return duplicates_pass_ && end.link != PipeEnd::kNoLink && servers_without_time_ == 0 &&
           report.is_noted_at({end.server, server_count()});
  }

  // See assured_links.cpp.
  void assure(const LinkEndpoint& a);
  void end_assurance(const LinkEndpoint& a);
  void assure_all_of(std::uint32_t server_index);
  void end_assurances_of(std::uint32_t server_index);
  // Returns one of the two.
  LinkEndpoint endpoint_of(std::uint32_t link) const;

  // PipeReceiver
  void arrived(PipeId pipe, PipeEnd end, Piece piece) override;
  void prefetch_report(PipeEnd end, const herd::KeptReport& report) override;
  // VirtualEventHandler
  void happen(std::uint32_t target, std::uint32_t payload) override;
  // VirtualSurroundings
  VirtualServer& server(std::uint32_t index) override { return *servers_[index]; }
  const std::vector<Adjacent>& neighbors(std::uint32_t server_index) const override {
    return adjacency_[server_index];
  }
  void link_proven(herd::ServerId server, herd::NeighborId neighbor, PipeId in) override;
  void has_time_changed(bool has_time) override {
    has_time ? --servers_without_time_ : ++servers_without_time_;
  }
  void client_was_reset(std::uint32_t client_connection) override {
    clients_->was_reset(client_connection);
  }
  void ask_places(std::uint32_t server_index, herd::QueryId query,
                  const herd::PlacesQuestion& question) override;
  void wake_at(std::uint32_t server_index, herd::Instant when) override {
    loop_.add(when, handler_, server_index, kWake);
  }
  void wake_late_at(std::uint32_t server_index, herd::Instant when) override {
    loop_.add_late(when, herd::Instant::min(), handler_, server_index, kWake);
  }
  std::strong_ordering compare_with_wake(std::uint32_t server_index) const override {
    return loop_.compare_with(0, handler_, server_index);
  }
  void link_came_up(const LinkEndpoint& endpoint) override { assure(endpoint); }
  void link_ends(const LinkEndpoint& endpoint) override { end_assurance(endpoint); }
  void serve_at(std::uint32_t server_index, herd::Instant when) override {
    loop_.add(when, handler_, server_index, kServe);
  }
  void do_at(std::uint32_t server_index, herd::Instant when,
             std::function<void()> action) override {
    tasks_.at(when, server_index, std::move(action));
  }

  // A report that will arrive on a link, and seems to be news.
  struct ComingNews {
    std::uint32_t server = 0, counts = 0;
    std::uint32_t client_hash = 0;
  };
  // Prefetches what news need, in steps, each of which reads what the step before it prefetched:
  // takes the first step for these news, and the next one for those that came into sight before.
  // Precondition: prefetch_ is not null.
  void prefetch_news(const ComingNews& news);

  VirtualLoop& loop_;
  const HerdSpec& spec_;
  herd::Observer& observer_;
  Adjacency adjacency_;
  std::unique_ptr<herd::Authenticator> authenticator_;
  std::uint32_t handler_;
  VirtualTasks tasks_;  // of the servers
  Pipes pipes_;
  VirtualLinks links_;
  std::unique_ptr<VirtualPlaces> places_;
  const bool may_assure_;
  const ReportPrefetch* prefetch_;
  VirtualClientEnds* clients_ = nullptr;
  std::function<void(herd::ServerId, bool)> on_server_changed_;
  // Duplicates need nothing of their servers, unless one of these has no time.
  bool duplicates_pass_;
  std::uint32_t servers_without_time_ = 0;
  std::array<ComingNews, 3> coming_news_;  // the last ones, from the newest on
  std::uint64_t links_proven_ = 0;         // endpoints, each time that they are proven
  const std::uint32_t server_count_;
  HugeVector<std::optional<VirtualServer>> servers_;
};

}  // namespace sim
