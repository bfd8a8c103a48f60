// Rows of timeline.csv, heat.csv and histograms.csv.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.h"

namespace sim {

// The percentiles of the durations of one bin. The first two are at most 1/128 too high; the
// maximum is exact. Nullopt: there were none.
struct BinLatencies {
  std::optional<herd::Duration> p50, p99, max;
};

// What happened to a herd in one bin of time, `to` not included.
struct TimelineRow {
  herd::Instant from, to;
  std::uint64_t accepted = 0, covered = 0;
  std::uint64_t deliveries = 0, messages = 0, duplicates = 0, echoes = 0, stale = 0, lost = 0,
                repairs = 0;
  std::uint32_t links_down = 0, servers_down = 0;  // the most at once
  std::uint64_t open_updates = 0;                  // at the end of the bin
  BinLatencies propagation, reply;
};

// The deliveries of a slice of time, `to` not included, whose latencies are in one class: from
// `least` to `upto`, both included.
struct HeatRow {
  herd::Instant from, to;
  herd::Duration least{0}, upto{0};
  std::uint64_t count = 0;
};

// One bucket of a histogram.
struct HistogramRow {
  std::string_view metric;
  herd::Duration upto{0};  // the bucket's greatest value; of the last bucket the greatest duration
  std::uint64_t count = 0;
};

}  // namespace sim
