// What is the matter with a herd's links and servers at one time of the script, and the planned
// faults that led there. A target is held by reasons, each of which lets go of it by itself: it is
// down from the first until none is left.
#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/time.h"
#include "sim/script/plan/fault_plan.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// Who holds a target down.
using FaultReason = std::uint32_t;
inline constexpr FaultReason kScripted = 0;   // an event of its own
inline constexpr FaultReason kPartition = 1;  // the script's partition

// Targets by who holds them.
class Holds {
 public:
  // True where nobody held it.
  bool hold(std::uint32_t target, FaultReason reason);
  // True where that was the last hold.
  bool release(std::uint32_t target, FaultReason reason);
  bool is_held(std::uint32_t target) const { return reasons_of_.contains(target); }
  void forget(std::uint32_t target) { reasons_of_.erase(target); }

 private:
  std::unordered_map<std::uint32_t, std::set<FaultReason>> reasons_of_;  // none is empty
};

class FaultState {
 public:
  // When something is done, by which event of the scenario, and for whom.
  struct Cause {
    herd::Instant at;
    std::uint32_t event = 0;
    FaultReason reason = kScripted;
  };

  // `herd` must outlive the state.
  explicit FaultState(const HerdSpec& herd) : herd_(herd) {}

  FaultReason new_reason() { return next_reason_++; }

  void cut(const Cause& cause, std::uint32_t link, CutHow how);
  void restore(const Cause& cause, std::uint32_t link);
  // Holds just the links between different groups for this reason. `group_of` by server.
  void partition(const Cause& cause, const std::vector<std::uint32_t>& group_of, CutHow how);
  void heal(const Cause& cause);
  // A server that stops is not paused any more, whoever paused it.
  void stop(const Cause& cause, std::uint32_t server);
  void start(const Cause& cause, std::uint32_t server);
  // Nothing happens to a server that is down.
  void pause(const Cause& cause, std::uint32_t server);
  void resume(const Cause& cause, std::uint32_t server);
  // `change.forward` is from the server that the herd lists first.
  void set_link(const Cause& cause, std::uint32_t link, const TwoWayChange& change);

  bool is_cut(std::uint32_t link) const { return cut_.is_held(link); }
  bool is_down(std::uint32_t server) const { return down_.is_held(server); }
  bool is_paused(std::uint32_t server) const { return paused_.is_held(server); }
  bool is_partitioned() const { return !partitions_.empty(); }

  // What was planned so far, in order.
  std::vector<PlannedFault> take() { return std::move(planned_); }

 private:
  PlannedFault& add(const Cause& cause, FaultKind kind, std::uint32_t target);

  const HerdSpec& herd_;
  Holds cut_, down_, paused_;
  std::set<FaultReason> partitions_;
  std::unordered_map<std::uint32_t, TwoWayConditions> conditions_;  // where they were changed
  FaultReason next_reason_ = kPartition + 1;
  std::vector<PlannedFault> planned_;
};

}  // namespace sim
