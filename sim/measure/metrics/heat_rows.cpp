#include "sim/measure/metrics/heat_rows.h"

#include <algorithm>
#include <bit>

namespace sim {
namespace {

constexpr std::size_t kBinsPerSlice = 2;  // of timeline.csv
constexpr int kClassBits = 3;             // 2^(kClassBits - 1) classes per power of two

struct Class {
  herd::Duration least, upto;
};

// Latencies below 2^kClassBits ns have a class each. As the buckets of LatencyHistogram are
// narrower, and powers of two too, each lies in one class.
Class class_of(herd::Duration latency) {
  const auto ns = static_cast<std::uint64_t>(latency.count());
  const int shift = std::max(0, static_cast<int>(std::bit_width(ns)) - kClassBits);
  const auto least = static_cast<std::int64_t>(ns >> shift << shift);
  return {herd::Duration(least), herd::Duration(least + (std::int64_t{1} << shift) - 1)};
}

void add_slice(std::vector<HeatRow>& rows, HeatRow row, const LatencyHistogram& latencies) {
  row.count = 0;
  for (const auto& [upto, count] : latencies.buckets()) {
    const Class at = class_of(upto);
    if (row.count > 0 && at.least != row.least) {
      rows.push_back(row);
      row.count = 0;
    }
    row.least = at.least;
    row.upto = at.upto;
    row.count += count;
  }
  if (row.count > 0) rows.push_back(row);
}

}  // namespace

std::vector<HeatRow> heat_rows(const TimelineBins& bins,
                               const std::vector<LatencyHistogram>& latencies) {
  std::vector<HeatRow> rows;
  if (!bins.begun()) return rows;
  const auto begin_of = [&](std::size_t bin) {
    return herd::Instant(static_cast<std::int64_t>(bin) * bins.width());
  };
  for (std::size_t bin = 0; bin < latencies.size(); bin += kBinsPerSlice) {
    const std::size_t end = std::min(bin + kBinsPerSlice, latencies.size());
    LatencyHistogram slice = latencies[bin];
    for (std::size_t i = bin + 1; i < end; ++i) slice.add(latencies[i]);
    add_slice(rows, {.from = begin_of(bin), .to = begin_of(end)}, slice);
  }
  return rows;
}

}  // namespace sim
