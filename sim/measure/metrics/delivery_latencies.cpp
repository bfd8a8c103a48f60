#include "sim/measure/metrics/delivery_latencies.h"

#include <utility>

#include "sim/measure/figures/percentile.h"

namespace sim {

void DeliveryLatencies::begin_run(herd::Instant at, herd::Duration latency) {
  const Run over = std::exchange(run_, {at, latency, 0});
  if (over.times == 0) return;
  added_ += over.times;
  bins_.add_latency(over.at, over.latency, over.times);
  if (keeps_each_) {
    each_.insert(each_.end(), over.times, over.latency);
  } else {
    tally_.add(over.latency, over.times);
  }
}

std::vector<std::optional<herd::Duration>> DeliveryLatencies::percentiles(
    std::initializer_list<std::uint32_t> parts) const {
  std::vector<herd::Duration> each = each_;
  LatencyTally tally = tally_;
  if (keeps_each_) {
    each.insert(each.end(), run_.times, run_.latency);
  } else if (run_.times > 0) {
    tally.add(run_.latency, run_.times);
  }
  std::vector<std::optional<herd::Duration>> out;
  for (const std::uint32_t part : parts) {
    out.push_back(keeps_each_ ? percentile(each, part) : tally.percentile(part));
  }
  return out;
}

}  // namespace sim
