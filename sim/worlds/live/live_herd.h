// One herd on real sockets: its servers, or those of them that are hosted here, and the state of
// the links between them. The others may be on another loop or in another process. All on the
// loop's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/observer.h"
#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/uv_error.h"
#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/live/hosted_herd.h"
#include "sim/worlds/live/link_authenticator.h"
#include "sim/worlds/live/live_limits.h"
#include "sim/worlds/live/live_server.h"
#include "sim/worlds/live/server_logs.h"
#include "sim/worlds/world/native_herd.h"

namespace sim {

class LiveHerd final : public HostedHerd, public NativeHerd, private LinkDirectory {
 public:
  static constexpr std::chrono::milliseconds kTimeout = std::chrono::seconds(20);

  struct Setup {
    const HerdSpec* spec = nullptr;
    std::uint64_t seed = 1;
    std::string secret;
    std::unordered_set<std::string> hosted;  // servers by name; empty: all
    LiveLimits limits;
    std::optional<PlacesAskerConfig> places;  // how its servers ask; none: they do not ask
    std::function<void()> on_link_proven;
    // Reports of faults: a server has died (its links were reported as down before) or has come
    // back; or a fault could not be carried out.
    std::function<void(herd::ServerId, bool up)> on_server_changed;
    std::function<void(const Error&)> on_failure;
  };

  // The loop, clock, spec and observer must outlive the herd. The herd must go before the loop, and
  // the loop must not run in between.
  LiveHerd(IoLoop& loop, const RunClock& clock, herd::Observer& observer, Setup setup);
  ~LiveHerd() override;

  // Makes the servers and binds their ports.
  std::optional<Error> listen(const ServerLogs& logs);
  // Sets the address of a server that is hosted elsewhere. Call it before start(). Unless told, it
  // is on the scenario's port.
  void set_port(std::uint32_t server, std::uint16_t port) { elsewhere_[server].port = port; }

  // HostedHerd. Where not all servers are hosted: what concerns those that are. A fault of another
  // one, or of a link between two others, is only noted.
  const HerdSpec& spec() const override { return *setup_.spec; }
  void start() override;
  bool ready() const override { return all_links_up(); }
  std::string missing() const override { return links_missing_message(); }
  std::chrono::milliseconds timeout() const override { return kTimeout; }
  sockaddr_storage address(std::uint32_t server) const override;
  void set_zero(herd::Instant zero) override;
  bool settled() const override { return recovered(); }
  // Its servers stay as they are, to be looked at.
  void stop(std::function<void()> gone) override { gone(); }
  void apply(const Fault& fault) override;

  // NativeHerd; spec() is above.
  const Adjacency& adjacency() const override { return adjacency_; }
  const herd::Server* core(std::uint32_t index) const override {
    return servers_[index] ? &servers_[index]->core() : nullptr;
  }
  bool acts(std::uint32_t server) const override;
  LinkFault link_fault(std::uint32_t link) const override { return link_faults_[link]; }

  // nullptr for a server that is hosted elsewhere.
  const LiveServer* server(std::uint32_t index) const { return servers_[index].get(); }
  std::uint16_t port(std::uint32_t server) const;

 private:
  // The address of a server that is hosted elsewhere.
  struct Elsewhere {
    std::uint16_t port = 0;
    bool up = true, paused = false;
  };

  // Each fault's effect is a specialization; apply() does not compile without it.
  template <class Kind>
  void do_fault(const Kind& fault) = delete;
  sockaddr_storage neighbor_address(herd::ServerId server,
                                    herd::NeighborId neighbor) const override;
  const LinkConditions& way_back(herd::ServerId server, herd::NeighborId neighbor) const override;
  LinkFault fault_to(herd::ServerId server, herd::NeighborId neighbor) const override {
    return link_faults_[adjacent(server, neighbor).link];
  }
  bool is_unheard(herd::ServerId server, herd::NeighborId neighbor) const override {
    return holds(fault_to(server, neighbor), adjacent(server, neighbor).dials);
  }
  void keep_until_restored(herd::ServerId server, herd::NeighborId neighbor,
                           Stream& stream) override;
  void link_proven() override { setup_.on_link_proven(); }
  bool hosts(const std::string& server) const {
    return setup_.hosted.empty() || setup_.hosted.contains(server);
  }

  // Calls `action(server, neighbor)` for the endpoints of a link that are hosted here.
  template <class Action>
  void at_both_ends(std::uint32_t link, Action action);
  const Adjacent& adjacent(herd::ServerId server, herd::NeighborId neighbor) const {
    return adjacency_[server.value][neighbor.value];
  }
  std::vector<LinkModel> ways_of(std::uint32_t server) const;

  const RunClock& clock_;
  herd::Observer& observer_;
  Setup setup_;
  Adjacency adjacency_;
  LinkAuthenticator authenticator_;
  AlarmClock alarms_;
  std::vector<LinkFault> link_faults_;        // by link
  std::vector<TwoWayConditions> conditions_;  // by link
  // Sockets of blackholes, by link: their ends are not to be seen.
  std::unordered_map<std::uint32_t, std::vector<Stream*>> kept_;
  std::vector<Elsewhere> elsewhere_;  // by server; of the hosted ones it says nothing
  std::vector<std::unique_ptr<LiveServer>> servers_;
};

}  // namespace sim
