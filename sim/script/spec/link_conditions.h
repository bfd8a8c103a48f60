// What a network path is like: delay, its variation, what fits through, what gets lost.
#pragma once

#include <optional>

#include "core/time.h"

namespace sim {

using herd::Duration;

enum class JitterShape {
  kUniform,      // evenly between latency - amount and latency + amount
  kNormal,       // around the latency, with `amount` as the standard deviation
  kExponential,  // the latency and then some, `amount` on average
};
struct Jitter {
  JitterShape shape = JitterShape::kUniform;
  Duration amount{0};
  friend bool operator==(const Jitter&, const Jitter&) = default;
};

// One direction of a path. A delay is never below zero, and order is always kept, as TCP keeps it.
struct LinkConditions {
  Duration latency{0};
  Jitter jitter;
  double bandwidth_bps = 0;  // bits a second; 0: no limit. What does not fit yet waits in a queue
  double loss = 0;  // of each line to be sent anew, in [0, 0.9]; a late line, never a missing one

  bool ideal() const { return *this == LinkConditions{}; }
  friend bool operator==(const LinkConditions&, const LinkConditions&) = default;
};

// Both directions: `forward` is from the link's first server to its second; of a client's access
// link from the client to the server.
struct TwoWayConditions {
  LinkConditions forward, backward;

  bool ideal() const { return forward.ideal() && backward.ideal(); }
  friend bool operator==(const TwoWayConditions&, const TwoWayConditions&) = default;
};

// What a scenario says of a path: what it does not name stays as it is.
struct LinkConditionsChange {
  std::optional<Duration> latency;
  std::optional<Jitter> jitter;
  std::optional<double> bandwidth_bps, loss;

  bool empty() const { return !latency && !jitter && !bandwidth_bps && !loss; }
  void apply_to(LinkConditions& conditions) const {
    conditions.latency = latency.value_or(conditions.latency);
    conditions.jitter = jitter.value_or(conditions.jitter);
    conditions.bandwidth_bps = bandwidth_bps.value_or(conditions.bandwidth_bps);
    conditions.loss = loss.value_or(conditions.loss);
  }
};
struct TwoWayChange {
  LinkConditionsChange forward, backward;

  void apply_to(TwoWayConditions& conditions) const {
    forward.apply_to(conditions.forward);
    backward.apply_to(conditions.backward);
  }
  TwoWayChange turned_round() const { return {backward, forward}; }
};

}  // namespace sim
