#include "sim/stats/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sim {
namespace {

// Values below 2^kPrecision have a bucket each; above, each power of two has 2^(kPrecision - 1).
constexpr int kPrecision = 8;
constexpr std::uint64_t kHalf = std::uint64_t{1} << (kPrecision - 1);

std::size_t bucket_of(std::uint64_t value) {
  const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - kPrecision);
  return static_cast<std::size_t>(static_cast<std::uint64_t>(shift) * kHalf + (value >> shift));
}

std::uint64_t upper_end(std::size_t bucket) {
  if (bucket < 2 * kHalf) return bucket;
  const std::uint64_t shift = bucket / kHalf - 1;
  return ((bucket % kHalf + kHalf + 1) << shift) - 1;
}

}  // namespace

void LatencyHistogram::add(herd::Duration value) {
  const std::int64_t ns = std::max<std::int64_t>(0, value.count());
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(ns));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  max_ns_ = std::max(max_ns_, ns);
}

void LatencyHistogram::add(const LatencyHistogram& other) {
  if (buckets_.size() < other.buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ns_ = std::max(max_ns_, other.max_ns_);
}

std::optional<herd::Duration> LatencyHistogram::percentile(double p) const {
  if (count_ == 0) return std::nullopt;
  const double wanted = std::ceil(p / 100 * static_cast<double>(count_));
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen < rank) continue;
    const auto end = static_cast<std::int64_t>(upper_end(i));
    return herd::Duration(std::min(end, max_ns_));
  }
  return herd::Duration(max_ns_);
}

std::optional<herd::Duration> LatencyHistogram::max() const {
  if (count_ == 0) return std::nullopt;
  return herd::Duration(max_ns_);
}

}  // namespace sim
