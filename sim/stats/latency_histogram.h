// Durations counted in buckets whose width is at most 1/128 of what they hold: percentiles of any
// number of values in a few KiB, without keeping the values.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"

namespace sim {

class LatencyHistogram {
 public:
  // Negative ones count as zero.
  void add(herd::Duration value);
  void add(const LatencyHistogram& other);

  std::uint64_t count() const { return count_; }
  // Nearest-rank, in [0, 100]: the upper end of the bucket that the value is in, and never more
  // than max(); nullopt where there is nothing.
  std::optional<herd::Duration> percentile(double p) const;
  std::optional<herd::Duration> max() const;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::int64_t max_ns_ = 0;
};

}  // namespace sim
