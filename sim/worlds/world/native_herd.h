// A herd of our own servers: what both worlds configure and ask of it in the same way. Each world
// says where its servers are, and what faults do to them at the moment.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/handshake.h"
#include "core/ids.h"
#include "core/name_set.h"
#include "core/server.h"
#include "core/siphash.h"
#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/herd_spec.h"
#include "sim/worlds/world/link_fault.h"

namespace sim {

// What a herd's servers on one thread share to route by, null for a scheme that does not route.
struct HerdRoutes {
  std::shared_ptr<const herd::HerdMap> map;
  std::shared_ptr<herd::TreeMemo> trees;
};
HerdRoutes make_routes(const HerdSpec& spec);

// What all servers of a herd that one process hosts have in common.
struct SharedByServers {
  std::uint64_t seed = 1;
  herd::Authenticator* authenticator = nullptr;  // must outlive the servers
  herd::SipKey hash_key;
  std::shared_ptr<const herd::NameSet> servers;     // as server_names() makes it
  HerdRoutes routes;                                // as make_routes() makes them
  std::shared_ptr<herd::LineMemo> lines = nullptr;  // of the servers of one thread
};

std::shared_ptr<const herd::NameSet> server_names(const HerdSpec& spec);

// Returns the part of their configuration that all servers of the herd have in common.
std::shared_ptr<const herd::HerdConfig> herd_config(const HerdSpec& spec,
                                                    const SharedByServers& shared);

// Returns the configuration of a server at the run's start. `herd` is that of its herd. `seats` is
// the number of servers that share reports; 0: none of them has a seat.
herd::ServerConfig server_config(const HerdSpec& spec, const Adjacency& adjacency,
                                 std::uint32_t server, std::shared_ptr<const herd::HerdConfig> herd,
                                 std::uint32_t seats);

class NativeHerd {
 public:
  virtual ~NativeHerd() = default;

  virtual const HerdSpec& spec() const = 0;
  virtual const Adjacency& adjacency() const = 0;
  // nullptr for a server that is hosted elsewhere. A server that is down knows nothing.
  virtual const herd::Server* core(std::uint32_t server) const = 0;
  // Returns true if the server, hosted here or elsewhere, is up and not paused.
  virtual bool acts(std::uint32_t server) const = 0;
  virtual LinkFault link_fault(std::uint32_t link) const = 0;

  // Returns true if every link of the servers that are hosted here is up.
  bool all_links_up() const;
  // Returns the links that a server hosted here dials and that are not up, as
  // "Alford - Welsh, Ball - Holiday".
  std::string links_missing() const;
  // The same as a message; empty if no link is missing.
  std::string links_missing_message() const;
  // Returns true if the servers will send nothing more of themselves: their schemes and outboxes
  // are quiet, also those of paused servers, and with recovery every link is up and synchronized,
  // except those that a fault keeps down or whose endpoint does nothing. Links that compare again
  // and again may never all be synchronized at once: it is enough if the endpoints of all links
  // know that they hold the same. Fast if the server that had not recovered at the last call still
  // has not. One thread at a time.
  bool recovered() const;
  // Returns by link whether its endpoints that are hosted here are up, and are synchronized or know
  // that they hold the same.
  std::vector<bool> links_synchronized() const;

 protected:
  // Calls `action(server, neighbor)` for both endpoints of a link, hosted here or elsewhere.
  template <class Action>
  void at_both_endpoints(std::uint32_t link, Action action) const {
    const LinkSpec ends = spec().links[link];
    for (const std::uint32_t server : {ends.first, ends.second}) {
      const std::vector<Adjacent>& neighbors = adjacency()[server];
      for (std::uint32_t n = 0; n < neighbors.size(); ++n) {
        if (neighbors[n].link == link) action(server, herd::NeighborId{n});
      }
    }
  }

 private:
  mutable std::uint32_t asked_first_ = 0;  // by recovered(), which may ask in any order
};

}  // namespace sim
