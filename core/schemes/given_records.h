// Which of a server's records each neighbour was given, for schemes that send a record to who asks
// for it. A link loses nothing while it is up. So a neighbour that asks for a record that it was
// given has only not got it yet, and is not sent it again: its questions may have waited behind a
// lost packet, and all arrive at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ids.h"

namespace herd {

class GivenRecords {
 public:
  explicit GivenRecords(std::size_t neighbors) : given_(neighbors) {}

  // Takes note that the neighbour was sent the record at a place of the server's store, or has sent
  // it. Returns false if that was known.
  bool give(NeighborId neighbor, std::uint32_t place);
  // The record at the place is a new one: no neighbour was given it.
  void renew(std::uint32_t place);
  // The link is down: what was sent on it may be lost.
  void forget(NeighborId neighbor) { given_[neighbor.value].clear(); }

 private:
  std::vector<std::vector<bool>> given_;  // by neighbour and place
};

}  // namespace herd
