#include "sim/run/report_central.h"

namespace sim {

void report_central(const CentralHerd& herd, HerdOutcome& outcome) {
  outcome.observed = Observed::kShared;
  for (std::uint32_t s = 0; s < herd.spec().servers.size(); ++s) {
    const FrontEnd& front_end = herd.front_end(s);
    ServerOutcome server;
    server.port = front_end.port();
    server.up = front_end.is_up();
    server.paused = front_end.is_paused();
    server.connections_peak = front_end.stats().connections_peak;
    server.clients_held = front_end.stats().clients_held;
    server.clients_dropped = front_end.stats().clients_dropped;
    server.records = &herd.records();
    outcome.servers.push_back(server);
  }
  for (std::uint32_t l = 0; l < herd.spec().links.size(); ++l) {
    outcome.wire_bytes.push_back(herd.link(l).bytes_to_front_end());
    outcome.wire_bytes.push_back(herd.link(l).bytes_to_database());
    outcome.links_up.push_back(herd.was_connected(herd.spec().links[l].second));
  }
  outcome.cpu_s = herd.usage().cpu_s;
  outcome.rss_mib = herd.usage().resident_mib;
}

}  // namespace sim
