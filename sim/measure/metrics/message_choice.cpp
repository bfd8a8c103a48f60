#include "sim/measure/metrics/message_choice.h"

#include <algorithm>
#include <cstddef>

namespace sim {
namespace {

using Updates = std::vector<std::uint32_t>;

// Returns `count` of the items, spread evenly; all of them if there are no more.
template <class Item>
std::vector<Item> spread(const std::vector<Item>& items, std::size_t count) {
  if (items.size() <= count) return items;
  std::vector<Item> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(items[(2 * i + 1) * items.size() / (2 * count)]);
  }
  return out;
}

// Returns the first update after each event that happens to the herd.
Updates first_after_events(const Scenario& scenario, std::uint32_t herd, const Plan& plan) {
  Updates out;
  for (const Event& event : scenario.events) {
    if (!event.concerns(herd)) continue;
    const auto found = std::lower_bound(
        plan.updates.begin(), plan.updates.end(), herd::Instant(event.at),
        [](const PlannedUpdate& update, herd::Instant at) { return update.at < at; });
    if (found == plan.updates.end()) continue;
    const auto number = static_cast<std::uint32_t>(found - plan.updates.begin());
    if (out.empty() || out.back() != number) out.push_back(number);
  }
  return out;
}

void make_set(Updates& updates) {
  std::sort(updates.begin(), updates.end());
  updates.erase(std::unique(updates.begin(), updates.end()), updates.end());
}

}  // namespace

MessageChoice choose_messages(const Scenario& scenario, std::uint32_t herd, const Plan& plan) {
  const HerdSpec& spec = scenario.herds[herd];
  const MessagesSpec& wanted = scenario.messages;
  if (spec.central) return {};
  if (wanted.all) return {true, {}};
  MessageChoice choice;
  if (!wanted.updates.empty()) {
    choice.updates = wanted.updates;
    make_set(choice.updates);
    return choice;
  }
  if (wanted.rows == 0 || plan.updates.empty()) return choice;
  // A flood crosses each link at most once in each direction, as a rule.
  const std::size_t flood = std::max<std::size_t>(1, 2 * spec.links.size());
  const std::size_t most = std::max<std::size_t>(1, wanted.rows / flood);
  choice.updates = spread(first_after_events(scenario, herd, plan), (most + 1) / 2);
  Updates others(plan.updates.size());
  for (std::uint32_t i = 0; i < others.size(); ++i) others[i] = i;
  for (const std::uint32_t update : spread(others, most - choice.updates.size())) {
    choice.updates.push_back(update);
  }
  make_set(choice.updates);
  return choice;
}

}  // namespace sim
