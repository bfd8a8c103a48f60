// Numbers the endpoints of a herd's links from 0. The endpoints of one server follow each other, in
// the order of its neighbours. So the metrics can keep data per endpoint in one array, with a
// server's data together.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.h"
#include "core/prefetch_memory.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

class LinkEnds {
 public:
  explicit LinkEnds(const HerdSpec& herd);

  std::uint32_t size() const { return static_cast<std::uint32_t>(other_.size()); }
  // Returns a server's endpoint of its link to a neighbour.
  std::uint32_t end(herd::ServerId server, herd::NeighborId neighbor) const {
    return first_[server.value] + neighbor.value;
  }
  // Returns a server's first endpoint. Its last one is the one before the first of the next server.
  std::uint32_t first(std::uint32_t server) const { return first_[server]; }
  // Prefetch the cell that first() and end() look up; and the cells that other() looks up for the
  // first few endpoints of a server, which reads what the first prefetched.
  void prefetch_first(herd::ServerId server) const { herd::prefetch_memory(&first_[server.value]); }
  void prefetch_others(herd::ServerId server) const {
    if (first_[server.value] < other_.size()) herd::prefetch_memory(&other_[first_[server.value]]);
  }
  // Returns the other endpoint of the link.
  std::uint32_t other(std::uint32_t end) const { return other_[end]; }
  // Return the direction that leaves an endpoint or arrives at it, and the endpoint at which a
  // direction arrives. For link l, direction 2l is from its first server to its second, 2l + 1 is
  // the opposite.
  std::uint32_t direction_from(std::uint32_t end) const { return direction_from_[end]; }
  std::uint32_t direction_to(std::uint32_t end) const { return direction_from_[end] ^ 1; }
  std::uint32_t receiver(std::uint32_t direction) const { return receiver_[direction]; }

 private:
  std::vector<std::uint32_t> first_;  // by server, and the end
  std::vector<std::uint32_t> other_, direction_from_;
  std::vector<std::uint32_t> receiver_;  // by direction
};

}  // namespace sim
