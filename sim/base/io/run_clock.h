// The time of the live world: the monotonic clock, and a wall clock. Servers show this wall clock
// and clients use it in their reports. By default it is derived from the monotonic clock, so that a
// step of the system's clock during a run changes neither.
//
// Instants count from the construction of the clock. The script's time zero comes later, when the
// world is ready. Any thread may use the clock.
#pragma once

#include <uv.h>

#include <chrono>
#include <cstdint>

#include "core/time.h"

namespace sim {

enum class WallClock {
  kSteady,  // read once, when the run begins
  kSystem,  // the system's clock at any time, for servers that run for days
};

class RunClock {
 public:
  explicit RunClock(WallClock wall = WallClock::kSteady)
      : wall_(wall), epoch_ns_(uv_hrtime()), wall_at_epoch_(read_system_clock()) {}

  herd::Instant now() const { return at(uv_hrtime()); }
  // Returns the instant of a reading of uv_hrtime().
  herd::Instant at(std::uint64_t hrtime_ns) const {
    return herd::Instant(herd::Duration(static_cast<std::int64_t>(hrtime_ns - epoch_ns_)));
  }
  // Returns the instant on the scale of uv_hrtime(). Moments before the clock's construction count
  // as its construction.
  std::uint64_t hrtime_of(herd::Instant when) const {
    const std::int64_t since = when.time_since_epoch().count();
    return epoch_ns_ + static_cast<std::uint64_t>(since < 0 ? 0 : since);
  }
  herd::PosixNs wall(herd::Instant when) const {
    if (wall_ == WallClock::kSystem) return read_system_clock() + (when - now()).count();
    return wall_at_epoch_ + when.time_since_epoch().count();
  }

 private:
  static herd::PosixNs read_system_clock() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  WallClock wall_;
  std::uint64_t epoch_ns_;
  herd::PosixNs wall_at_epoch_;
};

}  // namespace sim
