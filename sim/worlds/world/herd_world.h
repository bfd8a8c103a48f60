// The side of a world that the script's director sees: time, and faults. The live world implements
// it with libuv and real sockets, the virtual world with an event queue.
//
// One thread: everything is called, and calls back, on the thread that hosts the herds.
#pragma once

#include <cstdint>
#include <functional>

#include "core/time.h"
#include "sim/script/spec/fault.h"

namespace sim {

class HerdWorld {
 public:
  virtual ~HerdWorld() = default;

  // Time since the run's time zero; negative before it.
  virtual herd::Instant now() const = 0;
  // Calls `action` at `when`; if that has passed, at once, but not from within this call.
  // One wake-up is pending at a time: a new one replaces it.
  virtual void wake_at(herd::Instant when, std::function<void()> action) = 0;

  // Does the fault to the herd, now. fault.h says what each fault is and when it may be done.
  virtual void apply(std::uint32_t herd, const Fault& fault) = 0;
};

}  // namespace sim
