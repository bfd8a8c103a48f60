#include "sim/metrics/destinations.h"

namespace sim {

std::vector<std::vector<bool>> destinations(const Plan& plan, std::size_t servers) {
  std::vector<std::vector<bool>> out(plan.clients.size());
  for (const PlannedAction& action : plan.actions) {
    if (action.kind != ActionKind::kMove) continue;
    out[action.client].resize(servers);
    out[action.client][action.index] = true;
  }
  for (std::size_t c = 0; c < plan.clients.size(); ++c) {
    if (plan.clients[c].on_loss) out[c].assign(servers, true);
  }
  return out;
}

}  // namespace sim
