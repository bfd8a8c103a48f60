#include "sim/script/plan/plan_order.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sim {
namespace {

template <class Planned>
void number(Plan& plan, ActionKind kind, std::vector<Planned>& planned) {
  std::vector<Planned> in_order;
  in_order.reserve(planned.size());
  for (PlannedAction& action : plan.actions) {
    if (action.kind != kind) continue;
    in_order.push_back(planned[action.index]);
    action.index = static_cast<std::uint32_t>(in_order.size() - 1);
  }
  planned = std::move(in_order);
}

}  // namespace

void put_in_order(Plan& plan) {
  std::stable_sort(plan.actions.begin(), plan.actions.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  number(plan, ActionKind::kUpdate, plan.updates);
  number(plan, ActionKind::kQuery, plan.queries);
}

void stamp_updates(Plan& plan, const std::vector<ClockSkew>& skews) {
  constexpr auto kNever = std::numeric_limits<herd::PosixNs>::min();
  std::vector<herd::PosixNs> last(plan.clients.size(), kNever);
  for (PlannedUpdate& update : plan.updates) {
    if (update.line >= 0) continue;
    herd::PosixNs& newest = last[update.client];
    const Duration at = update.at.time_since_epoch();
    const herd::PosixNs planned = (at + skews[update.client].after(at)).count();
    update.stamp = newest == kNever ? planned : std::max(planned, newest + 1);
    newest = update.stamp;
  }
}

}  // namespace sim
