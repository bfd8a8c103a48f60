// Counts waits in buckets, so that percentiles need little memory and no sorting.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace load {

class Histogram {
 public:
  void add(std::uint64_t ns, std::uint64_t times) {
    counts_[bucket(ns)] += times;
    total_ += times;
    if (ns > most_) most_ = ns;
  }

  // Returns nanoseconds: the upper bound of the bucket of the nearest-rank percentile, which is at
  // most 1/64 too large; 0 if there is no value.
  std::uint64_t percentile(double share) const {
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      below += counts_[i];
      if (below > rank || (below == total_ && below > 0)) return std::min(end_of(i), most_);
    }
    return 0;
  }

  std::uint64_t most() const { return most_; }
  std::uint64_t total() const { return total_; }

  void clear() { *this = {}; }

 private:
  // Values below 2^kBits have a bucket each; from there on each power of two has 2^kBits buckets.
  static constexpr int kBits = 6;
  static constexpr std::size_t kPerPower = std::size_t{1} << kBits;

  static std::size_t bucket(std::uint64_t ns) {
    if (ns < kPerPower) return static_cast<std::size_t>(ns);
    const int shift = static_cast<int>(std::bit_width(ns)) - 1 - kBits;
    return kPerPower * static_cast<std::size_t>(shift) + static_cast<std::size_t>(ns >> shift);
  }

  static std::uint64_t end_of(std::size_t i) {
    if (i < 2 * kPerPower) return i;
    const std::size_t shift = i / kPerPower - 1;
    const std::uint64_t first = (kPerPower + i % kPerPower) << shift;
    return first + (std::uint64_t{1} << shift) - 1;
  }

  std::array<std::uint64_t, kPerPower*(64 - kBits + 1)> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t most_ = 0;
};

}  // namespace load
