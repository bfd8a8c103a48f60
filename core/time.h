// Time as the core sees it: handed in by the world, never read from a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace herd {

using Duration = std::chrono::nanoseconds;

// Nanoseconds since the run's time zero, monotonic. It has no now(): core cannot read it.
struct RunClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<RunClock>;
  static constexpr bool is_steady = true;
};
using Instant = RunClock::time_point;

// POSIX time in nanoseconds, as clients write it and servers' clocks show it.
using PosixNs = std::int64_t;

// What a server is told of time with each input: `run` never goes backwards and is what timers
// use; `wall_ns` is the server's own clock, skew included, and is only written into AT lines.
struct Moment {
  Instant run;
  PosixNs wall_ns = 0;
};

}  // namespace herd
