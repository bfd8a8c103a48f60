// The types of time in the core. The world passes times in; the core never reads a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace herd {

using Duration = std::chrono::nanoseconds;

// Nanoseconds since the run's time zero, monotonic. It has no now(), so the core cannot read it.
struct RunClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<RunClock>;
  static constexpr bool is_steady = true;
};
using Instant = RunClock::time_point;

// Returns the earlier of two times, of which either may be missing.
inline std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  return a && (!b || *a < *b) ? a : b;
}

// POSIX time in nanoseconds. Clients write it, and the clocks of servers show it.
using PosixNs = std::int64_t;

// The times that a server gets with each input. `run` never goes backwards; timers use it.
// `wall_ns` is the server's own clock, including its skew. It is only written into AT lines.
struct Moment {
  Instant run;
  PosixNs wall_ns = 0;
};

}  // namespace herd
