// Which servers each client of a plan may go to, other than the one that it starts at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/script/plan/plan.h"

namespace sim {

class Destinations {
 public:
  // A client that goes elsewhere when its server is gone may go anywhere.
  explicit Destinations(const Plan& plan);

  // `client` may be any number: who is none of the plan's goes nowhere.
  bool include(std::uint32_t client, std::uint32_t server) const {
    return client + std::size_t{1} < starts_.size() && includes(client, server);
  }

 private:
  bool includes(std::uint32_t client, std::uint32_t server) const;

  std::vector<bool> anywhere_;          // by client
  std::vector<std::uint32_t> servers_;  // client by client, in order
  std::vector<std::size_t> starts_;     // by client, and the end; empty where nobody moves
};

}  // namespace sim
