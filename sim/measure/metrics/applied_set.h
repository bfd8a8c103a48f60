// The set of servers that have ever applied each update, as one bit per pair. A server that lost
// its memory does not know that it has met an update before, but the figures must.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/measure/metrics/rows.h"

namespace sim {

class AppliedSet {
 public:
  // Precondition: servers > 0.
  explicit AppliedSet(std::size_t servers) : bits_((servers + 63) / 64) {}

  // Adds the next update; they are numbered from 0.
  void add_update() { bits_.add(); }
  // Marks an update as applied. Returns false if the server has applied it before. Preconditions:
  // the update was added, and `server` is less than the number of servers.
  bool insert(std::uint32_t update, std::uint32_t server) {
    std::uint64_t& word = bits_[update][server / 64];
    const std::uint64_t bit = std::uint64_t{1} << (server % 64);
    const bool is_first = (word & bit) == 0;
    word |= bit;
    return is_first;
  }

 private:
  Rows<std::uint64_t> bits_;  // one row per update
};

}  // namespace sim
