// The latencies of deliveries where a run keeps no row for each: for the timeline, and for the
// percentiles of the summary. Where links are alike, many deliveries in a row have one latency and
// one moment; they are counted, and added together.
//
// Times are the world's own.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <vector>

#include "core/time.h"
#include "sim/measure/figures/latency_tally.h"
#include "sim/measure/metrics/timeline_bins.h"
#include "sim/script/spec/scenario.h"

namespace sim {

class DeliveryLatencies {
 public:
  // `bins` gets the latencies too, and must outlive this.
  DeliveryLatencies(RecordLevel level, TimelineBins& bins)
      : keeps_each_(level == RecordLevel::kUpdates), bins_(bins) {}

  // A delivery at that moment, with this latency.
  void add(herd::Instant at, herd::Duration latency) {
    if (run_.times == 0 || run_.at != at || run_.latency != latency) begin_run(at, latency);
    ++run_.times;
  }
  // A delivery whose latency is not known.
  void add_undated() { ++undated_; }
  // Call after the last delivery: the timeline has all of them then.
  void finish() { begin_run({}, {}); }

  // Returns the number of deliveries, with the undated ones.
  std::uint64_t count() const { return added_ + run_.times + undated_; }
  // Returns the percentiles by nearest rank, one for each part of 100; nullopt if there is no
  // latency. At kSummary they are as exact as a LatencyTally.
  std::vector<std::optional<herd::Duration>> percentiles(
      std::initializer_list<std::uint32_t> parts) const;

 private:
  struct Run {
    herd::Instant at;
    herd::Duration latency{0};
    std::uint64_t times = 0;
  };

  // Adds what the current run has counted, and begins another one.
  void begin_run(herd::Instant at, herd::Duration latency);
  void keep(const Run& run);
  // Returns the latency of each delivery, in no particular order. At kUpdates.
  std::vector<herd::Duration> each() const;

  const bool keeps_each_;
  TimelineBins& bins_;
  Run run_;
  std::uint64_t added_ = 0, undated_ = 0;
  // At kUpdates: the latencies that fit, in nanoseconds, and the others. A deque copies nothing
  // when it grows, and a vector of several million would.
  std::deque<std::uint32_t> short_ns_;
  std::vector<herd::Duration> others_;
  LatencyTally tally_;  // at kSummary
};

}  // namespace sim
