#include "sim/measure/metrics/destinations.h"

#include <algorithm>
#include <utility>

namespace sim {

Destinations::Destinations(const Plan& plan) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> moves;
  for (const PlannedAction& action : plan.actions) {
    if (action.kind == ActionKind::kMove) moves.emplace_back(action.client, action.index);
  }
  const bool anyone_anywhere =
      std::any_of(plan.clients.begin(), plan.clients.end(),
                  [](const PlannedClient& client) { return client.on_loss.has_value(); });
  if (moves.empty() && !anyone_anywhere) return;
  std::sort(moves.begin(), moves.end());
  moves.erase(std::unique(moves.begin(), moves.end()), moves.end());
  for (std::uint32_t c = 0; c < plan.clients.size(); ++c) {
    starts_.push_back(servers_.size());
    anywhere_.push_back(plan.clients[c].on_loss.has_value());
    while (servers_.size() < moves.size() && moves[servers_.size()].first == c) {
      servers_.push_back(moves[servers_.size()].second);
    }
  }
  starts_.push_back(servers_.size());
}

bool Destinations::includes(std::uint32_t client, std::uint32_t server) const {
  if (anywhere_[client]) return true;
  const auto from = servers_.begin() + static_cast<std::ptrdiff_t>(starts_[client]);
  const auto to = servers_.begin() + static_cast<std::ptrdiff_t>(starts_[client + 1]);
  return std::binary_search(from, to, server);
}

}  // namespace sim
