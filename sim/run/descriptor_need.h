// The number of file descriptors that a run needs, known before anything is set up.
#pragma once

#include <cstdint>

#include "sim/script/plan/plan.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// For the process itself: its loops, its output, Places.
inline constexpr std::uint64_t kDescriptorReserve = 64;

// Returns the number for one herd and its clients. `has_places`: the run serves Places to the herd.
//
// A connection takes two, because both of its endpoints are in this process. Servers that are other
// programs hold their own endpoints, and a client that connects for each command may have an old
// connection beside the new one. A process needs descriptors for its keeper. A link needs a relay
// with two ports and, if both servers dial, two connections with an endpoint on either side; more
// if each message has a connection of its own.
inline std::uint64_t descriptors_needed(const HerdSpec& herd, const Plan& plan, bool has_places) {
  // One per timer: the herd's alarms, the clients' alarms, the clients' wake-up. The last two are
  // needed again if clients ask another program's servers what they know.
  constexpr std::uint64_t kTimers = 3, kTimersOfAsking = 2;
  // A port, its epoll, its wake-up.
  const std::uint64_t places = has_places ? 3 : 0;
  if (herd.external) {
    const auto& program = herd.external->program;
    const bool per_message = program && program->links == LinkUse::kPerMessage;
    const bool per_command = herd.external->dialect.connection == ConnectionUse::kOneCommand;
    // A process, and what holds its port; or the connection on which a server elsewhere is dialled,
    // or is asked.
    const std::uint64_t of_server = program ? 7 : 2;
    const std::uint64_t of_relay = !herd.reaches_links() ? 0 : per_message ? 14 : 6;
    const std::uint64_t of_client = per_command ? 2 : 1;
    return of_server * herd.servers.size() + of_relay * herd.links.size() +
           of_client * plan.clients.size() + kTimers + kTimersOfAsking + places;
  }
  const std::uint64_t ports_and_logs = std::uint64_t{2} * herd.servers.size();
  constexpr std::uint64_t kOfLoop = 8;  // epoll, wake-up, timer
  const std::uint64_t loops = herd.loops > 1 ? kOfLoop * herd.loops : 0;
  const std::uint64_t connections = herd.links.size() + plan.clients.size();
  // A link to the database takes one socket and two connections in place of one. PostgreSQL takes
  // four more, and the first server's connection, which is not a link, takes one.
  const std::uint64_t central = herd.central ? 3 * herd.links.size() + 5 : 0;
  // A server that asks Places has a socket pair to wake its HTTP client, and a connection.
  const std::uint64_t asking = has_places ? 4 * herd.servers.size() : 0;
  return ports_and_logs + loops + 2 * connections + central + kTimers + places + asking;
}

// Returns the number that serving a herd takes before the first client comes: a port for each
// server that `is_hosted` returns true for, and an endpoint of each of its links.
template <class IsHosted>
std::uint64_t descriptors_to_serve(const HerdSpec& herd, IsHosted is_hosted) {
  if (!herd.can_be_served()) return 0;
  constexpr std::uint64_t kTimers = 1, kOfLoop = 8;
  std::uint64_t needed = kTimers + (herd.loops > 1 ? kOfLoop * herd.loops : 0);
  for (const ServerSpec& server : herd.servers) needed += is_hosted(server.name) ? 1 : 0;
  for (const LinkSpec& link : herd.links) {
    for (const std::uint32_t end : {link.first, link.second}) {
      needed += is_hosted(herd.servers[end].name) ? 1 : 0;
    }
  }
  return needed;
}
// For the process that serves: its loops, signals, logs, Places.
inline constexpr std::uint64_t kDescriptorsOfServing = 24;

}  // namespace sim
