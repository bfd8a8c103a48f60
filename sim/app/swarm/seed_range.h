// Ranges of seeds, and the parts of one that are played by different processes.
#pragma once

#include <cstdint>
#include <string>

#include "sim/app/shards/shard.h"

namespace sim {

struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t count = 0;

  std::uint64_t end() const { return first + count; }
  friend bool operator==(const SeedRange&, const SeedRange&) = default;
};

// Returns the shard's part of the range. The parts follow each other in the order of the shards'
// numbers, and their sizes differ by at most one. A part may be empty.
SeedRange part_of(const SeedRange& range, const Shard& shard);

// Returns "seed 7" or "seeds 7 to 9". Precondition: not empty.
std::string to_string(const SeedRange& range);

}  // namespace sim
