#include "sim/script/plan/fault_state.h"

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

void FaultState::cut(const Cause& cause, std::uint32_t link, CutHow how) {
  if (cut_.hold(link, cause.reason)) add(cause, CutLink{link, how});
}

void FaultState::restore(const Cause& cause, std::uint32_t link) {
  if (cut_.release(link, cause.reason)) add(cause, RestoreLink{link});
}

void FaultState::partition(const Cause& cause, const std::vector<std::uint32_t>& group_of,
                           CutHow how) {
  partitions_.insert(cause.reason);
  for (std::uint32_t link = 0; link < herd_.links.size(); ++link) {
    const auto [first, second] = herd_.links[link];
    group_of[first] == group_of[second] ? restore(cause, link) : cut(cause, link, how);
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
