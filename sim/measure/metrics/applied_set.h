// Which servers have ever applied which update, a bit for each pair: a server that lost its memory
// does not know that it has met an update before, but whoever counts has to.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/measure/metrics/rows.h"

namespace sim {

class AppliedSet {
 public:
  // Precondition: servers > 0.
  explicit AppliedSet(std::size_t servers) : bits_((servers + 63) / 64) {}

  // The next update, from 0 on.
  void add_update() { bits_.add(); }
  // False where the server has applied it before. Preconditions: the update was added, and `server`
  // is a server.
  bool insert(std::uint32_t update, std::uint32_t server) {
    std::uint64_t& word = bits_[update][server / 64];
    const std::uint64_t bit = std::uint64_t{1} << (server % 64);
    const bool is_first = (word & bit) == 0;
    word |= bit;
    return is_first;
  }

 private:
  Rows<std::uint64_t> bits_;  // a row for each update
};

}  // namespace sim
