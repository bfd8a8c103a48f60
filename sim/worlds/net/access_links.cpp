#include "sim/worlds/net/access_links.h"

#include <string>

namespace sim {

std::vector<std::unique_ptr<AccessLink>> access_links(const Scenario& scenario, const Plan& plan) {
  std::vector<std::unique_ptr<AccessLink>> links(plan.clients.size());
  std::size_t client = 0;
  for (const ClientGroup& group : scenario.clients) {
    for (std::uint32_t n = 0; n < group.count; ++n, ++client) {
      if (group.link.ideal()) continue;
      const std::string stream = "client/" + plan.clients[client].id + "/link";
      links[client] = std::make_unique<AccessLink>(
          AccessLink{LinkModel(scenario.seed, stream + "/up", group.link.forward),
                     LinkModel(scenario.seed, stream + "/down", group.link.backward)});
    }
  }
  return links;
}

}  // namespace sim
