// The ends of a herd's links, numbered from 0 on, those of one server after one another in the
// order of its neighbours: what the metrics keep of each end lies flat, and a server's together.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

class LinkEnds {
 public:
  explicit LinkEnds(const HerdSpec& herd);

  std::uint32_t size() const { return static_cast<std::uint32_t>(other_.size()); }
  // A server's end of its link to a neighbour.
  std::uint32_t end(herd::ServerId server, herd::NeighborId neighbor) const {
    return first_[server.value] + neighbor.value;
  }
  // A server's ends: from this one to that of the next server.
  std::uint32_t first(std::uint32_t server) const { return first_[server]; }
  // Prefetches what first() and end() look up.
  void prefetch_first(herd::ServerId server) const { __builtin_prefetch(&first_[server.value]); }
  // The same for other(), of its first few ends; reads what prefetch_first() prefetched.
  void prefetch_others(herd::ServerId server) const {
    if (first_[server.value] < other_.size()) __builtin_prefetch(&other_[first_[server.value]]);
  }
  // The link's other end.
  std::uint32_t other(std::uint32_t end) const { return other_[end]; }
  // The direction out of an end, and the end that a direction comes in at. Of link l, 2l is from
  // its first server to its second, 2l + 1 the other way.
  std::uint32_t direction_from(std::uint32_t end) const { return direction_from_[end]; }
  std::uint32_t direction_to(std::uint32_t end) const { return direction_from_[end] ^ 1; }
  std::uint32_t receiver(std::uint32_t direction) const { return receiver_[direction]; }

 private:
  std::vector<std::uint32_t> first_;  // by server, and the end
  std::vector<std::uint32_t> other_, direction_from_;
  std::vector<std::uint32_t> receiver_;  // by direction
};

}  // namespace sim
