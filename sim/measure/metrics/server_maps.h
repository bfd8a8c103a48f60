// By which map of the herd each server routes, if its scheme routes by one. While the maps of two
// servers differ, no closed form holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/herd_map.h"

namespace sim {

class ServerMaps {
 public:
  explicit ServerMaps(std::size_t servers) : maps_(servers, 0), users_{{0, servers}} {}

  // A server that starts routes by the whole map, whose number is 0.
  void started(std::uint32_t server) { use(server, 0); }
  void stopped(std::uint32_t server) { leave(server); }
  void changed(std::uint32_t server, std::uint64_t map) { use(server, map); }

  // Returns the number of the map by which a server routes; nullopt if the server is down.
  std::optional<std::uint64_t> of(std::uint32_t server) const { return maps_[server]; }
  // Returns true if all servers that are up route by one map.
  bool agree() const {
    return users_.empty() || (users_.size() == 1 && users_.begin()->first != herd::kSettlingMap);
  }
  // Returns true if all servers that are up route by this map.
  bool all_use(std::uint64_t map) const {
    return users_.empty() || (users_.size() == 1 && users_.begin()->first == map);
  }

 private:
  void use(std::uint32_t server, std::uint64_t map) {
    leave(server);
    maps_[server] = map;
    ++users_[map];
  }
  void leave(std::uint32_t server) {
    if (!maps_[server]) return;
    const auto found = users_.find(*std::exchange(maps_[server], std::nullopt));
    if (--found->second == 0) users_.erase(found);
  }

  std::vector<std::optional<std::uint64_t>> maps_;  // by server; nullopt: it is down
  std::unordered_map<std::uint64_t, std::size_t> users_;
};

}  // namespace sim
