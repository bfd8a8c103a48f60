// The servers to which each client of a plan may go, except the one at which it starts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/script/plan/plan.h"

namespace sim {

class Destinations {
 public:
  // A client that changes servers when it loses its own may go to any server.
  explicit Destinations(const Plan& plan);

  // Returns whether the client may go to the server. `client` may be any number; false if it is not
  // a client of the plan.
  bool include(std::uint32_t client, std::uint32_t server) const {
    return client + std::size_t{1} < starts_.size() && includes(client, server);
  }

 private:
  bool includes(std::uint32_t client, std::uint32_t server) const;

  std::vector<bool> anywhere_;          // by client
  std::vector<std::uint32_t> servers_;  // client by client, in order
  std::vector<std::size_t> starts_;     // by client, and the end; empty if no client moves
};

}  // namespace sim
