#include "sim/measure/figures/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sim {

std::size_t LatencyHistogram::bucket_of(std::uint64_t value) const {
  const std::uint64_t half = std::uint64_t{1} << (precision_ - 1);
  const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - precision_);
  return static_cast<std::size_t>(static_cast<std::uint64_t>(shift) * half + (value >> shift));
}

std::uint64_t LatencyHistogram::upper_end(std::size_t bucket) const {
  const std::uint64_t half = std::uint64_t{1} << (precision_ - 1);
  if (bucket < 2 * half) return bucket;
  const std::uint64_t shift = bucket / half - 1;
  return ((bucket % half + half + 1) << shift) - 1;
}

std::uint64_t& LatencyHistogram::count_of(std::size_t bucket) {
  if (buckets_.empty()) first_ = bucket;
  if (bucket < first_) {
    buckets_.insert(buckets_.begin(), first_ - bucket, 0);
    first_ = bucket;
  } else if (bucket - first_ >= buckets_.size()) {
    buckets_.resize(bucket - first_ + 1);
  }
  return buckets_[bucket - first_];
}

void LatencyHistogram::add(herd::Duration value, std::uint64_t times) {
  const std::int64_t ns = std::max<std::int64_t>(0, value.count());
  count_of(bucket_of(static_cast<std::uint64_t>(ns))) += times;
  count_ += times;
  max_ns_ = std::max(max_ns_, ns);
}

void LatencyHistogram::add(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) {
    if (other.buckets_[i] > 0) count_of(other.first_ + i) += other.buckets_[i];
  }
  count_ += other.count_;
  max_ns_ = std::max(max_ns_, other.max_ns_);
}

std::optional<herd::Duration> LatencyHistogram::percentile(double p) const {
  if (count_ == 0) return std::nullopt;
  const double wanted = std::ceil(p / 100 * static_cast<double>(count_));
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
  return at_rank(rank);
}

herd::Duration LatencyHistogram::at_rank(std::uint64_t rank) const {
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) {
      return herd::Duration(std::min(static_cast<std::int64_t>(upper_end(first_ + i)), max_ns_));
    }
  }
  return herd::Duration(max_ns_);
}

std::vector<LatencyHistogram::Bucket> LatencyHistogram::buckets() const {
  std::vector<Bucket> out;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    if (buckets_[i] == 0) continue;
    const auto upto = std::min(static_cast<std::int64_t>(upper_end(first_ + i)), max_ns_);
    out.push_back({herd::Duration(upto), buckets_[i]});
  }
  return out;
}

std::optional<herd::Duration> LatencyHistogram::max() const {
  if (count_ == 0) return std::nullopt;
  return herd::Duration(max_ns_);
}

}  // namespace sim
