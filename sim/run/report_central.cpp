#include "sim/run/report_central.h"

#include "sim/run/server_outcome.h"

namespace sim {

void report_central(const CentralHerd& herd, HerdOutcome& outcome) {
  outcome.observed = Observed::kShared;
  for (std::uint32_t s = 0; s < herd.spec().servers.size(); ++s) {
    outcome.servers.push_back(outcome_of(herd.front_end(s), herd.records()));
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
