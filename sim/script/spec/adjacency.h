// A herd's links from the view of each server: its neighbours, in the order in which the herd lists
// its links. The index of a neighbour in that list is its herd::NeighborId.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/script/spec/scenario.h"

namespace sim {

struct Adjacent {
  std::uint32_t link = 0;  // index into HerdSpec::links
  std::uint32_t peer = 0;  // index into HerdSpec::servers
  bool dials = false;      // this server dials the peer
};

// adjacency[s] lists the neighbours of server s.
using Adjacency = std::vector<std::vector<Adjacent>>;

Adjacency make_adjacency(const HerdSpec& herd);

}  // namespace sim
