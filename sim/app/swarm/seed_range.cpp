#include "sim/app/swarm/seed_range.h"

#include <algorithm>

namespace sim {

SeedRange part_of(const SeedRange& range, const Shard& shard) {
  const std::uint64_t before = shard.number - 1;
  const std::uint64_t each = range.count / shard.of;
  const std::uint64_t left_over = range.count % shard.of;  // the first parts have one more
  return {range.first + before * each + std::min(before, left_over),
          each + (before < left_over ? 1 : 0)};
}

std::string to_string(const SeedRange& range) {
  if (range.count == 1) return "seed " + std::to_string(range.first);
  return "seeds " + std::to_string(range.first) + " to " + std::to_string(range.end() - 1);
}

}  // namespace sim
