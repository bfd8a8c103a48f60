// Counts durations by value. Its memory does not grow with their number. Every percentile is exact
// while there are few different values. Beyond that the values are folded into a histogram, and a
// percentile is at most 1/4096 too high. The smallest and the largest value are always exact.
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
  // `most_values` is the number of different values that are kept exactly.
  explicit LatencyTally(std::size_t most_values = 65'536) : most_values_(most_values) {}

  void add(herd::Duration value, std::uint64_t times = 1);

  std::uint64_t count() const { return count_; }
  // Returns whether every percentile is exact.
  bool exact() const { return !folded_; }
  // Returns the (part/whole)-quantile by nearest rank, see percentile.h; nullopt if there are no
  // values. Sorts the values, so it is slow: call it at the end, not while values are added.
  std::optional<herd::Duration> percentile(std::uint32_t part, std::uint32_t whole = 100) const;

 private:
  static constexpr int kPrecision = 13;

  struct Slot {
    std::int64_t ns = 0;
    std::uint64_t count = 0;  // 0: the slot is free
  };

  // Returns the value's slot, or the free slot that it would take. Precondition: a slot is free.
  Slot& slot_of(std::int64_t ns);
  void grow();
  void fold();

  std::size_t most_values_;
  std::size_t values_ = 0;   // the number of slots in use
  std::vector<Slot> slots_;  // open addressing; a power of two, at most half in use
  int shift_ = 64;           // 64 minus the binary logarithm of the number of slots
  std::uint64_t count_ = 0;
  std::int64_t least_ = 0, greatest_ = 0;
  // Holds all values once there are too many different ones.
  std::optional<LatencyHistogram> folded_;
};

}  // namespace sim
