// The time and the events of the virtual world: takes one event after another, and sets the time to
// the event's. Never waits for real time.
//
// One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/time.h"
#include "sim/base/digest.h"
#include "sim/base/free_places.h"
#include "sim/worlds/virtual/event_queue.h"

namespace sim {

inline constexpr int kPrefetchSteps = 6;

// Handles events. The loop knows it by the number that add_handler() returned.
class VirtualEventHandler {
 public:
  virtual ~VirtualEventHandler() = default;
  virtual void happen(std::uint32_t target, std::uint32_t payload) = 0;
  // Prefetches memory that the event will need when it happens. `step` counts up from 0 to
  // kPrefetchSteps - 1 while the event comes closer; each step may read what the step before it
  // prefetched. Has no other effect.
  virtual void prefetch(std::uint32_t /*target*/, std::uint32_t /*payload*/, int /*step*/) {}
};

class VirtualLoop {
 public:
  VirtualLoop() { handlers_.push_back(&tasks_); }
  VirtualLoop(const VirtualLoop&) = delete;
  VirtualLoop& operator=(const VirtualLoop&) = delete;

  // Returns the time since the loop was made.
  herd::Instant now() const { return now_; }
  // Returns how many events have happened.
  std::uint64_t happened() const { return happened_; }

  // From now on the handlers get prefetch(). It pays only where the memory of the events to come is
  // larger than the processor's caches.
  void look_ahead() { looks_ahead_ = true; }

  // At most 65,535 handlers; each must outlive the loop's last run_next().
  std::uint32_t add_handler(VirtualEventHandler& handler) {
    handlers_.push_back(&handler);
    return static_cast<std::uint32_t>(handlers_.size() - 1);
  }

  // Both add an event; `at` is not before now(). The first is for events that are mostly added in
  // order of time.
  void add_in_turn(herd::Instant at, std::uint32_t handler, std::uint32_t target,
                   std::uint32_t payload) {
    queue_.add_in_turn(at, handler, target, payload);
  }
  // `urgent`: before all other events of that moment.
  void add(herd::Instant at, std::uint32_t handler, std::uint32_t target, std::uint32_t payload,
           bool urgent = false) {
    queue_.add(at, handler, target, payload, urgent);
  }
  // Calls `task` at that time, and never from within this call.
  void at(herd::Instant when, std::function<void()> task, bool urgent = false);
  void soon(std::function<void()> task) { at(now_, std::move(task)); }

  bool idle() const { return queue_.empty(); }
  // Returns when the next event happens. Precondition: not idle.
  herd::Instant next() const { return queue_.next().at; }
  // Lets the next event happen. Precondition: not idle.
  void run_next();
  // Sets the time. Precondition: no event happens before it.
  void pass_until(herd::Instant when) { now_ = when; }

  // The trace identifies a run: a digest of every event, in order, with its time. Handlers add the
  // contents of events that their numbers do not tell apart.
  void trace(std::uint64_t word) { trace_.add(word); }
  std::uint64_t trace_hash() const { return trace_.value(); }

 private:
  void prefetch_coming();

  class Tasks final : public VirtualEventHandler {
   public:
    std::uint32_t put(std::function<void()> task);
    void happen(std::uint32_t target, std::uint32_t payload) override;

   private:
    std::vector<std::function<void()>> tasks_;
    FreePlaces<> free_;
  };

  EventQueue queue_;
  Tasks tasks_;
  std::vector<VirtualEventHandler*> handlers_;
  herd::Instant now_;
  bool looks_ahead_ = false;
  std::uint64_t happened_ = 0;
  Digest trace_;
};

}  // namespace sim
