#include "sim/script/spec/adjacency.h"

namespace sim {

Adjacency make_adjacency(const HerdSpec& herd) {
  Adjacency out(herd.servers.size());
  for (std::uint32_t i = 0; i < herd.links.size(); ++i) {
    const auto [first, second] = herd.links[i];
    out[first].push_back({i, second, true});
    out[second].push_back({i, first, false});
  }
  return out;
}

}  // namespace sim
