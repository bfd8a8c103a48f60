// The conditions of a network path: latency, jitter, bandwidth and loss.
#pragma once

#include <optional>

#include "core/time.h"

namespace sim {

using herd::Duration;

enum class JitterShape {
  kUniform,      // uniform between latency - amount and latency + amount
  kNormal,       // normal around the latency, with the standard deviation `amount`
  kExponential,  // the latency plus an exponential time with the mean `amount`
};
struct Jitter {
  JitterShape shape = JitterShape::kUniform;
  Duration amount{0};
  friend bool operator==(const Jitter&, const Jitter&) = default;
};

// One direction of a path. A delay is never below zero. Lines always keep their order, as on TCP.
struct LinkConditions {
  Duration latency{0};
  Jitter jitter;
  // Bits per second; 0: no limit. Lines that do not fit yet wait in a queue.
  double bandwidth_bps = 0;
  // Probability in [0, 0.9] that a line is sent again; the line is late, never missing.
  double loss = 0;

  bool ideal() const { return *this == LinkConditions{}; }
  friend bool operator==(const LinkConditions&, const LinkConditions&) = default;
};

// Both directions. `forward` of a link is from its first server to its second. `forward` of a
// client's access link is from the client to the server.
struct TwoWayConditions {
  LinkConditions forward, backward;

  bool ideal() const { return forward.ideal() && backward.ideal(); }
  friend bool operator==(const TwoWayConditions&, const TwoWayConditions&) = default;
};

// A change of a path's conditions. Members without a value stay as they are.
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
