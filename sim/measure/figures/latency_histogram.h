// A histogram of durations. The width of a bucket is at most a given part of its values, 1/128 by
// default. It gives percentiles of any number of values in a few KiB, without keeping the values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"

namespace sim {

class LatencyHistogram {
 public:
  // Values below 2^precision have one bucket each. Above that, there are 2^(precision - 1) buckets
  // per power of two. So a bucket's width is at most 2^(1 - precision) of its values. Precondition:
  // 1 <= precision <= 32.
  explicit LatencyHistogram(int precision) : precision_(precision) {}
  LatencyHistogram() = default;

  // Adds a value. Negative values count as zero.
  void add(herd::Duration value, std::uint64_t times = 1);
  // Precondition: `other` has the same precision.
  void add(const LatencyHistogram& other);

  std::uint64_t count() const { return count_; }
  // Returns the nearest-rank percentile for p in [0, 100]; nullopt if the histogram is empty.
  std::optional<herd::Duration> percentile(double p) const;
  // Returns the value of a rank, counted from 1: the upper end of its bucket, but never more than
  // max(). Precondition: 1 <= rank <= count().
  herd::Duration at_rank(std::uint64_t rank) const;
  std::optional<herd::Duration> max() const;

  struct Bucket {
    herd::Duration upto{0};  // its greatest value; max() for the last bucket
    std::uint64_t count = 0;
  };
  // Returns the buckets that are not empty, from the least values to the greatest.
  std::vector<Bucket> buckets() const;

 private:
  std::size_t bucket_of(std::uint64_t value) const;
  std::uint64_t upper_end(std::size_t bucket) const;

  // Returns the count of a bucket, which is there from now on.
  std::uint64_t& count_of(std::size_t bucket);

  int precision_ = 8;
  // From the first to the last bucket that is not empty: the values of a run are often alike.
  std::size_t first_ = 0;  // the number of buckets_[0]
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::int64_t max_ns_ = 0;
};

}  // namespace sim
