// Draws neighbours at random, for schemes that choose some of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/schemes/propagator.h"

namespace herd {

// Draws at most this many of the neighbours whose links are up and for which `takes` returns true,
// each set of them as likely as any other. Returns them in the order of their ids.
template <class Takes>
std::vector<NeighborId> draw_neighbors(PropagatorHost& host, std::size_t most, Takes takes) {
  std::vector<NeighborId> out;
  for (std::uint32_t i = 0; i < host.neighbors(); ++i) {
    const NeighborId each{i};
    if (host.link_is_up(each) && takes(each)) out.push_back(each);
  }
  const std::size_t count = std::min(most, out.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(out[i], out[i + host.random_numbers().below(out.size() - i)]);
  }
  out.resize(count);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace herd
