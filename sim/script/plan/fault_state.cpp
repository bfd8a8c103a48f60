#include "sim/script/plan/fault_state.h"

#include <utility>

namespace sim {

bool Holds::hold(std::uint32_t target, FaultReason reason) {
  auto& reasons = reasons_of_[target];
  const bool first = reasons.empty();
  reasons.insert(reason);
  return first;
}

bool Holds::release(std::uint32_t target, FaultReason reason) {
  const auto found = reasons_of_.find(target);
  if (found == reasons_of_.end()) return false;
  found->second.erase(reason);
  if (!found->second.empty()) return false;
  reasons_of_.erase(found);
  return true;
}

void FaultState::cut(const Cause& cause, std::uint32_t link, CutHow how, CutWays ways) {
  if (cut_.hold(link, cause.reason)) add(cause, CutLink{link, how, ways});
}

void FaultState::restore(const Cause& cause, std::uint32_t link) {
  if (cut_.release(link, cause.reason)) add(cause, RestoreLink{link});
}

void FaultState::partition(const Cause& cause, const std::vector<std::uint32_t>& group_of,
                           CutHow how, CutWays ways) {
  partitions_.insert(cause.reason);
  for (std::uint32_t link = 0; link < herd_.links.size(); ++link) {
    const auto [first, second] = herd_.links[link];
    if (group_of[first] == group_of[second]) {
      restore(cause, link);
      continue;
    }
    const CutWays own = group_of[first] < group_of[second] ? ways : turned_round(ways);
    // The earlier partition ends; a cut in the same directions just continues.
    const std::pair key(cause.reason, link);
    const auto known = one_way_.find(key);
    if ((known == one_way_.end() ? CutWays::kBoth : known->second) != own) restore(cause, link);
    if (own != CutWays::kBoth) {
      one_way_[key] = own;
    } else if (known != one_way_.end()) {
      one_way_.erase(known);
    }
    cut(cause, link, how, own);
  }
}

void FaultState::heal(const Cause& cause) {
  if (partitions_.erase(cause.reason) == 0) return;
  for (std::uint32_t link = 0; link < herd_.links.size(); ++link) restore(cause, link);
}

void FaultState::stop(const Cause& cause, std::uint32_t server) {
  if (!down_.hold(server, cause.reason)) return;
  paused_.forget(server);
  add(cause, StopServer{server});
}

void FaultState::start(const Cause& cause, std::uint32_t server) {
  if (down_.release(server, cause.reason)) add(cause, StartServer{server});
}

void FaultState::pause(const Cause& cause, std::uint32_t server) {
  if (is_down(server)) return;
  if (paused_.hold(server, cause.reason)) add(cause, PauseServer{server});
}

void FaultState::resume(const Cause& cause, std::uint32_t server) {
  if (paused_.release(server, cause.reason)) add(cause, ResumeServer{server});
}

void FaultState::set_link(const Cause& cause, std::uint32_t link, const TwoWayChange& change) {
  TwoWayConditions& conditions =
      conditions_.try_emplace(link, herd_.conditions_of(link)).first->second;
  change.apply_to(conditions);
  add(cause, SetLink{link, conditions});
}

void FaultState::set_places(const Cause& cause, const SetPlacesEvent& change) {
  places_.latency = change.latency.value_or(places_.latency);
  places_.fail = change.fail.value_or(places_.fail);
  places_.cut = change.cut.value_or(places_.cut);
  if (change.quota) places_.quota = change.quota;
  add(cause, SetPlaces{places_});
}

}  // namespace sim
