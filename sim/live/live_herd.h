// One herd on real sockets: its servers, or those of them that this process hosts, and the state of
// the links between them. All on the loop's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/observer.h"
#include "sim/io/io_loop.h"
#include "sim/io/uv_error.h"
#include "sim/live/live_limits.h"
#include "sim/live/live_server.h"
#include "sim/live/run_clock.h"
#include "sim/live/server_logs.h"
#include "sim/scenario/adjacency.h"
#include "sim/scenario/scenario.h"

namespace sim {

class LiveHerd final : private LinkDirectory {
 public:
  struct Setup {
    const HerdSpec* spec = nullptr;
    std::uint64_t seed = 1;
    std::string secret;
    std::unordered_set<std::string> hosted;  // servers by name; empty: all
    LiveLimits limits;
    std::optional<PlacesAskerConfig> places;  // how its servers ask; none: they ask nobody
    std::function<void()> on_link_proven;
  };

  // The loop, clock, spec and observer must outlive the herd. The herd must go before the loop, and
  // the loop must not run in between.
  LiveHerd(IoLoop& loop, const RunClock& clock, herd::Observer& observer, Setup setup);

  // Makes the servers and binds their ports.
  std::optional<Error> listen(const ServerLogs& logs);
  // Dials every link.
  void start();
  // Every link of every hosted server is proven at its end.
  bool all_links_up() const;
  // The links that are not, as "Alford - Welsh", for messages.
  std::string links_missing() const;

  void cut_link(std::uint32_t link);
  void restore_link(std::uint32_t link);

  const HerdSpec& spec() const { return *setup_.spec; }
  const Adjacency& adjacency() const { return adjacency_; }
  // nullptr for a server that another process hosts.
  const LiveServer* server(std::uint32_t index) const { return servers_[index].get(); }
  std::uint16_t port(std::uint32_t server) const;

 private:
  std::optional<sockaddr_storage> dial_address(herd::ServerId server,
                                               herd::NeighborId neighbor) override;
  void link_proven() override { setup_.on_link_proven(); }
  bool hosts(const std::string& server) const {
    return setup_.hosted.empty() || setup_.hosted.contains(server);
  }

  // Calls `action` with both ends of a link: the hosted server and its neighbour's number there.
  template <class Action>
  void at_both_ends(std::uint32_t link, Action action);

  IoLoop& loop_;
  const RunClock& clock_;
  herd::Observer& observer_;
  Setup setup_;
  Adjacency adjacency_;
  std::vector<bool> cut_;  // by link
  std::vector<std::unique_ptr<LiveServer>> servers_;
};

}  // namespace sim
