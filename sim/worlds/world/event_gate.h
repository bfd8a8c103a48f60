// Keeps the clients of a script behind its events: a client does nothing that is planned for the
// moment of an event, or for later, before the event has been played. If both live on one thread
// and one clock, their order alone does the same.
#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include "core/time.h"

namespace sim {

class EventGate {
 public:
  // Until the first open_before() it is shut. `moved` is called after each move, by the thread that
  // moves it: the clients are to look again.
  explicit EventGate(std::function<void()> moved) : moved_(std::move(moved)) {}

  // The thread that plays the events: all before this moment of the script has been played.
  void open_before(herd::Instant at) {
    const auto before = at.time_since_epoch().count();
    if (before_.load(std::memory_order_relaxed) == before) return;
    before_.store(before, std::memory_order_release);
    moved_();
  }

  // Any thread: whether what is planned for this moment may be done.
  bool is_open(herd::Instant at) const {
    return at.time_since_epoch().count() < before_.load(std::memory_order_acquire);
  }

 private:
  std::function<void()> moved_;
  std::atomic<herd::Instant::rep> before_ = herd::Instant::min().time_since_epoch().count();
};

}  // namespace sim
