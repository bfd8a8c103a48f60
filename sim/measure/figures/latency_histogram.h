// Durations counted in buckets whose width is at most a given part of what they hold, 1/128 unless
// told: percentiles of any number of values in a few KiB, without keeping the values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"

namespace sim {

class LatencyHistogram {
 public:
  // Values below 2^precision have a bucket each; above, each power of two has 2^(precision - 1): a
  // bucket is at most 2^(1 - precision) of its values wide. Precondition: 1 <= precision <= 32.
  explicit LatencyHistogram(int precision) : precision_(precision) {}
  LatencyHistogram() = default;

  // Negative ones count as zero.
  void add(herd::Duration value, std::uint64_t times = 1);
  // Precondition: of the same precision.
  void add(const LatencyHistogram& other);

  std::uint64_t count() const { return count_; }
  // Nearest-rank, in [0, 100]; nullopt where there is nothing.
  std::optional<herd::Duration> percentile(double p) const;
  // The value of a rank, counted from 1: the upper end of the bucket that it is in, and never more
  // than max(). Precondition: 1 <= rank <= count().
  herd::Duration at_rank(std::uint64_t rank) const;
  std::optional<herd::Duration> max() const;

 private:
  std::size_t bucket_of(std::uint64_t value) const;
  std::uint64_t upper_end(std::size_t bucket) const;

  int precision_ = 8;
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::int64_t max_ns_ = 0;
};

}  // namespace sim
