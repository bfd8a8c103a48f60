// The side of a world that the script's director sees: time, and the herds' links. The live world
// implements it with libuv and real sockets; whatever else does must keep the same promises.
//
// One thread: everything is called, and calls back, on the thread that hosts the herds.
#pragma once

#include <cstdint>
#include <functional>

#include "core/time.h"
#include "sim/places/places_faults.h"

namespace sim {

class HerdWorld {
 public:
  virtual ~HerdWorld() = default;

  // Time since the run's time zero; negative before it.
  virtual herd::Instant now() const = 0;
  // Calls `action` at `when` (at once, but not from within this call, where that has passed).
  // One wake-up is pending at a time: a new one replaces it.
  virtual void wake_at(herd::Instant when, std::function<void()> action) = 0;

  // Closes the link's connection now, at both ends, and keeps it from being dialled. What was in
  // flight is lost. Does nothing where it is cut already.
  virtual void cut_link(std::uint32_t herd, std::uint32_t link) = 0;
  // Lets the link be dialled again, and has it dialled at once.
  virtual void restore_link(std::uint32_t herd, std::uint32_t link) = 0;
  // The trouble that the herd's embedded Places provider makes from now on.
  virtual void set_places(std::uint32_t herd, const PlacesFaults& faults) = 0;
};

}  // namespace sim
