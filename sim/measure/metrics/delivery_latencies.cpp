#include "sim/measure/metrics/delivery_latencies.h"

#include <limits>
#include <utility>

#include "sim/measure/figures/percentile.h"

namespace sim {

void DeliveryLatencies::begin_run(herd::Instant at, herd::Duration latency) {
  const Run over = std::exchange(run_, {at, latency, 0});
  if (over.times == 0) return;
  added_ += over.times;
  bins_.add_latency(over.at, over.latency, over.times);
  if (keeps_each_) {
    keep(over);
  } else {
    tally_.add(over.latency, over.times);
  }
}

void DeliveryLatencies::keep(const Run& run) {
  const auto ns = static_cast<std::uint64_t>(run.latency.count());  // of a negative one, very large
  if (ns <= std::numeric_limits<std::uint32_t>::max()) {
    short_ns_.insert(short_ns_.end(), run.times, static_cast<std::uint32_t>(ns));
  } else {
    others_.insert(others_.end(), run.times, run.latency);
  }
}

std::vector<herd::Duration> DeliveryLatencies::each() const {
  std::vector<herd::Duration> found;
  found.reserve(short_ns_.size() + others_.size() + run_.times);
  for (const std::uint32_t ns : short_ns_) found.emplace_back(ns);
  found.insert(found.end(), others_.begin(), others_.end());
  found.insert(found.end(), run_.times, run_.latency);
  return found;
}

std::vector<std::optional<herd::Duration>> DeliveryLatencies::percentiles(
    std::initializer_list<std::uint32_t> parts) const {
  std::vector<std::optional<herd::Duration>> out;
  if (keeps_each_) {
    std::vector<herd::Duration> found = each();
    for (const std::uint32_t part : parts) out.push_back(percentile(found, part));
    return out;
  }
  LatencyTally tally = tally_;
  if (run_.times > 0) tally.add(run_.latency, run_.times);
  for (const std::uint32_t part : parts) out.push_back(tally.percentile(part));
  return out;
}

}  // namespace sim
