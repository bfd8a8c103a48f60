#include "sim/run/report_native.h"

#include "sim/run/server_outcome.h"

namespace sim {
namespace {

template <class Herd>
void report(const Herd& herd, HerdOutcome& outcome) {
  outcome.wire_bytes.resize(2 * herd.spec().links.size());
  outcome.links_up = herd.links_synchronized();
  for (std::uint32_t s = 0; s < herd.spec().servers.size(); ++s) {
    const LiveServer& server = *herd.server(s);
    outcome.servers.push_back(outcome_of(server, server.core().records()));
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
