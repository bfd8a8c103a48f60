// The live world's time: the monotonic clock, and the wall clock that servers show and clients
// stamp with, derived from it, so that a step of the system's clock in mid-run changes nothing.
//
// Instants here count from the clock's making. The script's time counts from its time zero, which
// is known only once the world is ready. Any thread.
#pragma once

#include <uv.h>

#include <chrono>
#include <cstdint>

#include "core/time.h"

namespace sim {

class RunClock {
 public:
  RunClock()
      : epoch_ns_(uv_hrtime()),
        wall_at_epoch_(std::chrono::duration_cast<std::chrono::nanoseconds>(
                           std::chrono::system_clock::now().time_since_epoch())
                           .count()) {}

  herd::Instant now() const { return at(uv_hrtime()); }
  // Of a reading of uv_hrtime().
  herd::Instant at(std::uint64_t hrtime_ns) const {
    return herd::Instant(herd::Duration(static_cast<std::int64_t>(hrtime_ns - epoch_ns_)));
  }
  // On the scale of uv_hrtime(); moments before the clock's making are the making.
  std::uint64_t hrtime_of(herd::Instant when) const {
    const std::int64_t since = when.time_since_epoch().count();
    return epoch_ns_ + static_cast<std::uint64_t>(since < 0 ? 0 : since);
  }
  herd::PosixNs wall(herd::Instant when) const {
    return wall_at_epoch_ + when.time_since_epoch().count();
  }

 private:
  std::uint64_t epoch_ns_;
  herd::PosixNs wall_at_epoch_;
};

}  // namespace sim
