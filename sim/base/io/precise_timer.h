// A timer with nanosecond precision on an IoLoop, because libuv's own timers count milliseconds. It
// fires once each time it is armed. Arming replaces the earlier moment. It is a timerfd and uses
// one descriptor.
//
// A sleeping thread wakes late, by 50 to 200 us on many machines. A sharp timer measures this delay
// and has the kernel wake it earlier by that much. Then it keeps the loop awake until the moment
// has come. The loop limits the time that all its timers may use for this (IoLoop::may_poll).
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>

#include "sim/base/io/io_loop.h"

namespace sim {

class PreciseTimer {
 public:
  enum class Wake {
    kSharp,  // as close to the moment as possible, never before it
    kEasy,   // when the kernel wakes the thread
  };

  // Calls `action` on the loop's thread each time the armed moment has come. Throws SetUpError.
  PreciseTimer(IoLoop& loop, std::function<void()> action, Wake wake = Wake::kSharp);
  ~PreciseTimer();
  PreciseTimer(const PreciseTimer&) = delete;
  PreciseTimer& operator=(const PreciseTimer&) = delete;

  // Arms the timer for `at_ns`, on the scale of uv_hrtime(). A moment that has passed fires on the
  // loop's next turn.
  void arm(std::uint64_t at_ns);
  void disarm();

 private:
  struct Handle;  // lives until libuv has closed it
  static Handle* make(IoLoop& loop, std::function<void()> action, Wake wake);

  Handle* handle_;
};

}  // namespace sim
