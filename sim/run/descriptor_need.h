// How many files a run has open at once, sockets among them: known before anything is set up.
#pragma once

#include <cstdint>

#include "sim/script/plan/plan.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// What the process needs for itself: its loops, its output, Places.
inline constexpr std::uint64_t kDescriptorReserve = 64;

// Of one herd and its clients. Both ends of every connection are ours, but where the servers are
// other programs: then a process needs a keeper's ends, and a link a relay, which has two ports
// and, where both servers dial, two connections with an end on either side.
inline std::uint64_t descriptors_needed(const HerdSpec& herd, const Plan& plan) {
  if (herd.external) {
    constexpr std::uint64_t kOfProcess = 6, kOfRelay = 6;
    return kOfProcess * herd.servers.size() + kOfRelay * herd.links.size() + plan.clients.size();
  }
  const std::uint64_t ports_and_logs = std::uint64_t{2} * herd.servers.size();
  constexpr std::uint64_t kOfLoop = 8;  // what waits, what wakes it, its timer
  const std::uint64_t loops = herd.loops > 1 ? kOfLoop * herd.loops : 0;
  const std::uint64_t connections = herd.links.size() + plan.clients.size();
  // A link to a database has a socket of its own, and two connections in the place of one; what
  // runs PostgreSQL has three, and the first server's connection is no link.
  const std::uint64_t central = herd.central ? 3 * herd.links.size() + 4 : 0;
  return ports_and_logs + loops + 2 * connections + central;
}

}  // namespace sim
