#include "sim/plan/fault_plan.h"

namespace sim {

std::vector<PlannedFault> plan_faults(const Scenario& scenario, std::uint32_t herd_index) {
  const HerdSpec& herd = scenario.herds[herd_index];
  std::vector<PlannedFault> faults;
  for (std::uint32_t i = 0; i < scenario.events.size(); ++i) {
    const Event& event = scenario.events[i];
    if (!event.concerns(herd_index)) continue;
    const auto add = [&](FaultKind kind, const auto& e) {
      PlannedFault fault;
      fault.at = herd::Instant(event.at);
      fault.kind = kind;
      fault.target = *herd.find_link(*herd.find_server(e.first), *herd.find_server(e.second));
      fault.event = i;
      faults.push_back(fault);
    };
    if (const auto* down = std::get_if<LinkDownEvent>(&event.action)) {
      add(FaultKind::kCutLink, *down);
    } else if (const auto* up = std::get_if<LinkUpEvent>(&event.action)) {
      add(FaultKind::kRestoreLink, *up);
    }
  }
  return faults;
}

}  // namespace sim
