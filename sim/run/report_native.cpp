#include "sim/run/report_native.h"

namespace sim {
namespace {

ServerOutcome outcome_of(const LiveServer& server) {
  ServerOutcome out;
  out.port = server.port();
  out.up = server.is_up();
  out.paused = server.is_paused();
  out.connections_peak = server.stats().connections_peak;
  out.clients_held = server.stats().clients_held;
  out.clients_dropped = server.stats().clients_dropped;
  out.links_overflowed = server.stats().links_overflowed;
  out.records = &server.core().records();
  return out;
}

template <class Herd>
void report(const Herd& herd, HerdOutcome& outcome) {
  outcome.wire_bytes.resize(2 * herd.spec().links.size());
  outcome.links_up = herd.links_synchronized();
  for (std::uint32_t s = 0; s < herd.spec().servers.size(); ++s) {
    const LiveServer& server = *herd.server(s);
    outcome.servers.push_back(outcome_of(server));
    for (std::uint32_t n = 0; n < herd.adjacency()[s].size(); ++n) {
      const Adjacent& adjacent = herd.adjacency()[s][n];
      outcome.wire_bytes[std::size_t{2} * adjacent.link + (adjacent.dials ? 0 : 1)] =
          server.way(herd::NeighborId{n}).bytes_handed();
    }
  }
}

}  // namespace

void report_native(const LiveHerd& herd, HerdOutcome& outcome) { report(herd, outcome); }

void report_native(const MultiLoopHerd& herd, HerdOutcome& outcome) { report(herd, outcome); }

}  // namespace sim
