#include "sim/metrics/holdings.h"

#include <algorithm>

#include "sim/metrics/destinations.h"

namespace sim {

Holdings::Holdings(const Plan& plan, std::size_t servers)
    : held_(servers), destinations_(destinations(plan, servers)) {}

Holding Holdings::of(herd::ServerId server, std::uint32_t subject) const {
  const auto& held = held_[server.value];
  return subject < held.size() ? held[subject] : Holding();
}

void Holdings::set(herd::ServerId server, std::uint32_t subject, Holding holding,
                   herd::Instant now) {
  auto& held = held_[server.value];
  // At once for all of the plan's clients, who are the first subjects.
  if (subject >= held.size()) {
    held.resize(std::max<std::size_t>(subject + 1, destinations_.size()));
  }
  held[subject] = holding;
  if (subject >= destinations_.size()) return;
  const std::vector<bool>& goes_to = destinations_[subject];
  if (!goes_to.empty() && goes_to[server.value]) {
    log_.push_back({now, server.value, holding.update});
  }
}

void Holdings::forget(herd::ServerId server, herd::Instant now) {
  held_[server.value].clear();
  log_.push_back({now, server.value, kNoIndex});
}

}  // namespace sim
