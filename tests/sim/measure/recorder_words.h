// The Recorder's counts as short texts, which a test can compare.
#pragma once

#include <string>
#include <vector>

#include "sim/measure/metrics/recorder.h"

namespace sim {

inline std::string told(const AcceptedUpdate& u) {
  return std::to_string(u.messages) + " messages, reached " + std::to_string(u.reached) + ", " +
         std::to_string(u.duplicates) + " duplicates, " + std::to_string(u.echoes) + " echoes, " +
         std::to_string(u.stale) + " stale, " + std::to_string(u.lost) + " lost";
}
inline std::string told(const DirectionCounts& d) {
  return std::to_string(d.messages) + " messages, " + std::to_string(d.duplicates) +
         " duplicates, " + std::to_string(d.echoes) + " echoes, " + std::to_string(d.lost) +
         " lost, " + std::to_string(d.drops) + " drops";
}
inline std::string told(const DeliveryLog& d) {
  return std::to_string(d.from) + " to " + std::to_string(d.server) + " in " +
         std::to_string(d.hops) + " hops, " +
         (d.latency ? std::to_string(d.latency->count()) + " ns" : "at a time that is not known");
}

std::vector<std::string> all(const auto& items) {
  std::vector<std::string> out;
  for (const auto& item : items) out.push_back(told(item));
  return out;
}

}  // namespace sim
