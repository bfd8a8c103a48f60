// The number of files that a run has open at once, sockets among them, before anything is set up.
#pragma once

#include <cstdint>

#include "sim/script/plan/plan.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// The process's own: its loops, its output, Places.
inline constexpr std::uint64_t kDescriptorReserve = 64;

// Returns what one herd and its clients need. `has_places`: the run serves Places to the herd.
//
// Both ends of every connection are ours, except if the servers are other programs. Then a process
// needs a keeper's ends, and a link a relay, which has two ports and, if both servers dial, two
// connections with an end on either side.
inline std::uint64_t descriptors_needed(const HerdSpec& herd, const Plan& plan, bool has_places) {
  // Each a timer: the herd's alarms, the clients' alarms, the clients' wake-up; and the last two
  // again for the clients that ask another program's servers what they know.
  constexpr std::uint64_t kTimers = 3, kTimersOfAsking = 2;
  // A port, what it waits on, what wakes it.
  const std::uint64_t places = has_places ? 3 : 0;
  if (herd.external) {
    constexpr std::uint64_t kOfProcess = 6, kOfRelay = 6;
    return kOfProcess * herd.servers.size() + kOfRelay * herd.links.size() + plan.clients.size() +
           kTimers + kTimersOfAsking + places;
  }
  const std::uint64_t ports_and_logs = std::uint64_t{2} * herd.servers.size();
  constexpr std::uint64_t kOfLoop = 8;  // what waits, what wakes it, its timer
  const std::uint64_t loops = herd.loops > 1 ? kOfLoop * herd.loops : 0;
  const std::uint64_t connections = herd.links.size() + plan.clients.size();
  // A link to a database has a socket of its own, and two connections in the place of one.
  // PostgreSQL's keeper and output take four, and the first server's connection crosses no link.
  const std::uint64_t central = herd.central ? 3 * herd.links.size() + 5 : 0;
  // A server that asks Places has a pair that wakes its HTTP client, and a connection.
  const std::uint64_t asking = has_places ? 4 * herd.servers.size() : 0;
  return ports_and_logs + loops + 2 * connections + central + kTimers + places + asking;
}

}  // namespace sim
