// Counts the steps of a herd's floods in bins of time, while the run lasts. All bins have one
// width. If a run gets longer than kMost bins, each two neighbours become one.
//
// Times are the world's own. What happens before time zero counts in the first bin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"
#include "sim/measure/figures/latency_histogram.h"

namespace sim {

struct BinCounts {
  std::uint64_t deliveries = 0, messages = 0, duplicates = 0, echoes = 0, stale = 0, lost = 0,
                repairs = 0;

  BinCounts& operator+=(const BinCounts& other);
};

class TimelineBins {
 public:
  static constexpr std::size_t kMost = 400;

  // `keeps_latencies`: add_latency() is going to be called. Before begin() there is one bin without
  // end.
  explicit TimelineBins(bool keeps_latencies) : latencies_(keeps_latencies ? 1 : 0) {}
  TimelineBins(const TimelineBins&) = delete;
  TimelineBins& operator=(const TimelineBins&) = delete;

  // Begins the bins at time zero, for a script of this length, and leaves room for the drain. Call
  // before the first step is counted. Precondition: script > 0.
  void begin(herd::Instant zero, herd::Duration script);
  // The run is over: makes bins up to this moment.
  void finish(herd::Instant end) { at(end); }

  // Returns the counts of the bin of a moment. They stay where they are until the next call.
  BinCounts& at(herd::Instant now) {
    if (now < from_ || now >= to_) go_to(now);
    return *counts_now_;
  }
  // Adds the latency of so many deliveries at that moment.
  void add_latency(herd::Instant now, herd::Duration latency, std::uint64_t times = 1) {
    at(now);
    latencies_[current_].add(latency, times);
  }

  bool begun() const { return width_ != herd::Duration::max(); }
  std::size_t size() const { return counts_.size(); }
  herd::Duration width() const { return width_; }
  // Returns the bin of a moment, at most the last one.
  std::size_t bin_of(herd::Instant at) const;
  const std::vector<BinCounts>& counts() const { return counts_; }
  // By bin; empty if latencies are not kept.
  const std::vector<LatencyHistogram>& latencies() const { return latencies_; }

 private:
  void go_to(herd::Instant now);
  void halve();

  herd::Instant zero_;
  herd::Duration width_ = herd::Duration::max();
  // The current bin.
  std::size_t current_ = 0;
  herd::Instant from_ = herd::Instant::min(), to_ = herd::Instant::max();
  std::vector<BinCounts> counts_{1};
  BinCounts* counts_now_ = counts_.data();  // of the current bin
  std::vector<LatencyHistogram> latencies_;
};

}  // namespace sim
