// Durations counted by value, for any number of them in memory that does not grow with it. While
// they have few different values every percentile is exact; beyond that they are folded into a
// histogram, and one is at most 1/4096 too high. The least and the greatest are always exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"
#include "sim/measure/figures/latency_histogram.h"

namespace sim {

class LatencyTally {
 public:
  // So many different values are told apart.
  explicit LatencyTally(std::size_t most_values = 65'536) : most_values_(most_values) {}

  void add(herd::Duration value);

  std::uint64_t count() const { return count_; }
  // Whether every percentile is exact.
  bool exact() const { return !folded_; }
  // The (part/whole)-quantile by nearest rank, see percentile.h; nullopt where there is nothing.
  // Sorts what it has: not for the middle of things.
  std::optional<herd::Duration> percentile(std::uint32_t part, std::uint32_t whole = 100) const;

 private:
  static constexpr int kPrecision = 13;

  struct Slot {
    std::int64_t ns = 0;
    std::uint64_t count = 0;  // 0: the slot is free
  };

  // The value's slot, or the free one that it would take. Precondition: there is a free one.
  Slot& slot_of(std::int64_t ns);
  void grow();
  void fold();

  std::size_t most_values_;
  std::size_t values_ = 0;   // slots taken
  std::vector<Slot> slots_;  // open addressing: a power of two, at most half taken
  int shift_ = 64;           // 64 less the binary logarithm of their number
  std::uint64_t count_ = 0;
  std::int64_t least_ = 0, greatest_ = 0;
  std::optional<LatencyHistogram> folded_;  // what there is once there were too many values
};

}  // namespace sim
