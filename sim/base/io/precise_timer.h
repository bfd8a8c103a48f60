// A timer on an IoLoop that keeps nanoseconds: libuv's own tick is a millisecond. One shot at a
// time; arming replaces what was armed. A timerfd, so it costs one descriptor.
//
// A thread that sleeps wakes late, by 50 to 200 us on many machines. So a sharp timer has itself
// woken early, by what it has seen of that, and has the loop turn without sleeping until the moment
// has come. The loop bounds what all its timers may spend so (IoLoop::may_poll).
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>

#include "sim/base/io/io_loop.h"

namespace sim {

class PreciseTimer {
 public:
  enum class Wake {
    kSharp,  // as near to the moment as can be, never before it
    kEasy,   // when the kernel wakes us
  };

  // Calls `action` on the loop's thread each time the armed moment has come. Throws SetUpError.
  PreciseTimer(IoLoop& loop, std::function<void()> action, Wake wake = Wake::kSharp);
  ~PreciseTimer();
  PreciseTimer(const PreciseTimer&) = delete;
  PreciseTimer& operator=(const PreciseTimer&) = delete;

  // `at_ns` on the scale of uv_hrtime(); a moment that has passed fires on the loop's next turn.
  void arm(std::uint64_t at_ns);
  void disarm();

 private:
  struct Handle;  // outlives the timer until libuv has let go of it
  static Handle* make(IoLoop& loop, std::function<void()> action, Wake wake);

  Handle* handle_;
};

}  // namespace sim
