#include "sim/measure/metrics/timeline_bins.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sim {
namespace {

// Widths that people can read on an axis, in parts of a power of ten.
constexpr std::array<std::int64_t, 11> kRound = {100, 120, 150, 200, 250, 300,
                                                 400, 500, 600, 800, 1000};
constexpr std::int64_t kScriptBins = 360;  // at most; the others are for the drain

// Returns the least round width that makes at most kScriptBins bins.
herd::Duration round_width(herd::Duration script) {
  const std::int64_t least = (script.count() + kScriptBins - 1) / kScriptBins;
  std::int64_t unit = 1;
  while (least > 10 * unit) unit *= 10;
  for (const std::int64_t part : kRound) {
    // Below 100 ns not every part is a whole number.
    const std::int64_t width = unit * part / 100;
    if (width >= least) return herd::Duration(width);
  }
  return herd::Duration(10 * unit);
}

}  // namespace

BinCounts& BinCounts::operator+=(const BinCounts& other) {
  deliveries += other.deliveries;
  messages += other.messages;
  duplicates += other.duplicates;
  echoes += other.echoes;
  stale += other.stale;
  lost += other.lost;
  repairs += other.repairs;
  return *this;
}

void TimelineBins::begin(herd::Instant zero, herd::Duration script) {
  zero_ = zero;
  width_ = round_width(script);
  to_ = zero + width_;
}

std::size_t TimelineBins::bin_of(herd::Instant at) const {
  if (at < zero_ + width_) return 0;
  return std::min(static_cast<std::size_t>((at - zero_) / width_), counts_.size() - 1);
}

void TimelineBins::go_to(herd::Instant now) {
  while (now >= zero_ && static_cast<std::uint64_t>((now - zero_) / width_) >= kMost) halve();
  const auto bin = now < zero_ ? 0 : static_cast<std::size_t>((now - zero_) / width_);
  if (bin >= counts_.size()) {
    counts_.resize(bin + 1);
    if (!latencies_.empty()) latencies_.resize(bin + 1);
  }
  current_ = bin;
  counts_now_ = &counts_[bin];
  from_ = bin == 0 ? herd::Instant::min() : zero_ + static_cast<std::int64_t>(bin) * width_;
  to_ = zero_ + static_cast<std::int64_t>(bin + 1) * width_;
}

void TimelineBins::halve() {
  const std::size_t half = (counts_.size() + 1) / 2;
  for (std::size_t i = 1; i < counts_.size(); ++i) {
    if (i % 2 == 0) {
      counts_[i / 2] = counts_[i];
      if (!latencies_.empty()) latencies_[i / 2] = std::move(latencies_[i]);
    } else {
      counts_[i / 2] += counts_[i];
      if (!latencies_.empty()) latencies_[i / 2].add(latencies_[i]);
    }
  }
  counts_.resize(half);
  if (!latencies_.empty()) latencies_.resize(half);
  width_ *= 2;
}

}  // namespace sim
