// A timer on an IoLoop that keeps nanoseconds: libuv's own tick is a millisecond. One shot at a
// time; arming replaces what was armed. A timerfd, so it costs one descriptor.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>

#include "sim/io/io_loop.h"

namespace sim {

class PreciseTimer {
 public:
  // `action` is called on the loop's thread each time the armed moment has come.
  PreciseTimer(IoLoop& loop, std::function<void()> action);
  ~PreciseTimer();
  PreciseTimer(const PreciseTimer&) = delete;
  PreciseTimer& operator=(const PreciseTimer&) = delete;

  // `at_ns` on the scale of uv_hrtime(); a moment that has passed fires on the loop's next turn.
  void arm(std::uint64_t at_ns);

 private:
  struct Handle;  // outlives the timer until libuv has let go of it
  Handle* handle_;
};

}  // namespace sim
