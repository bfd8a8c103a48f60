// The state of a herd's links, servers and Places at one time of the script, and the planned faults
// that led there. A target may be held down for several reasons, and each of them ends by itself.
// The target is down from the first reason until none is left.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/time.h"
#include "sim/script/plan/fault_plan.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// Identifies what holds a target down.
using FaultReason = std::uint32_t;
inline constexpr FaultReason kScripted = 0;   // an event of its own
inline constexpr FaultReason kPartition = 1;  // the script's partition

// The targets that are held, each with its reasons.
class Holds {
 public:
  // Returns true if the target was not held before.
  bool hold(std::uint32_t target, FaultReason reason);
  // Returns true if this was the last reason.
  bool release(std::uint32_t target, FaultReason reason);
  bool is_held(std::uint32_t target) const { return reasons_of_.contains(target); }
  void forget(std::uint32_t target) { reasons_of_.erase(target); }

 private:
  std::unordered_map<std::uint32_t, std::set<FaultReason>> reasons_of_;  // never an empty set
};

class FaultState {
 public:
  // The time of a change, the event of the scenario that makes it, and its reason.
  struct Cause {
    herd::Instant at;
    std::uint32_t event = 0;
    FaultReason reason = kScripted;
  };

  // `herd` must outlive the state.
  explicit FaultState(const HerdSpec& herd) : herd_(herd), places_(herd.places.faults) {}

  FaultReason new_reason() { return next_reason_++; }

  // Plans a fault that changes no state here. The functions below plan those that do.
  void add(const Cause& cause, const Fault& what) {
    planned_.push_back({cause.at, cause.event, what});
  }

  void cut(const Cause& cause, std::uint32_t link, CutHow how, CutWays ways = CutWays::kBoth);
  void restore(const Cause& cause, std::uint32_t link);
  // Holds exactly the links between different groups for this reason. `group_of` is indexed by
  // server. `ways` is forward from a group to one with a greater number.
  void partition(const Cause& cause, const std::vector<std::uint32_t>& group_of, CutHow how,
                 CutWays ways = CutWays::kBoth);
  void heal(const Cause& cause);
  // Stops a server. Also ends all its pauses.
  void stop(const Cause& cause, std::uint32_t server);
  void start(const Cause& cause, std::uint32_t server);
  // Has no effect on a server that is down.
  void pause(const Cause& cause, std::uint32_t server);
  void resume(const Cause& cause, std::uint32_t server);
  // `change.forward` is from the server that the herd lists first.
  void set_link(const Cause& cause, std::uint32_t link, const TwoWayChange& change);
  void set_places(const Cause& cause, const SetPlacesEvent& change);

  bool is_cut(std::uint32_t link) const { return cut_.is_held(link); }
  bool is_down(std::uint32_t server) const { return down_.is_held(server); }
  bool is_paused(std::uint32_t server) const { return paused_.is_held(server); }
  bool is_partitioned() const { return !partitions_.empty(); }

  // Returns the faults planned so far, in order.
  std::vector<PlannedFault> take() { return std::move(planned_); }

 private:
  const HerdSpec& herd_;
  Holds cut_, down_, paused_;
  std::set<FaultReason> partitions_;
  // The direction of the links that a partition last held in one direction.
  std::map<std::pair<FaultReason, std::uint32_t>, CutWays> one_way_;
  std::unordered_map<std::uint32_t, TwoWayConditions> conditions_;  // of links that were changed
  PlacesFaults places_;
  FaultReason next_reason_ = kPartition + 1;
  std::vector<PlannedFault> planned_;
};

}  // namespace sim
