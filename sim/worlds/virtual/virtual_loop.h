// The time and the events of the virtual world: takes one event after another, and sets the time to
// the event's. Never waits for real time.
//
// One thread.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "core/time.h"
#include "sim/base/digest.h"
#include "sim/worlds/virtual/event_queue.h"

namespace sim {

// Handles events. The loop knows it by the number that add_handler() returned.
class VirtualEventHandler {
 public:
  virtual ~VirtualEventHandler() = default;
  virtual void happen(std::uint32_t target, std::uint32_t payload) = 0;
  // Prefetch memory that the event will need when it happens: first what its numbers lead to, and
  // a few events later, when it comes closer, the rest. The second may read what the first
  // prefetched. They have no other effect.
  virtual void prefetch_far(std::uint32_t /*target*/, std::uint32_t /*payload*/) {}
  virtual void prefetch_near(std::uint32_t /*target*/, std::uint32_t /*payload*/) {}
};

class VirtualLoop {
 public:
  VirtualLoop() = default;
  VirtualLoop(const VirtualLoop&) = delete;
  VirtualLoop& operator=(const VirtualLoop&) = delete;

  // Returns the time since the loop was made.
  herd::Instant now() const { return now_; }
  // Returns how many events have happened.
  std::uint64_t happened() const { return happened_; }

  // From now on the handlers get prefetch_far() and prefetch_near(). It pays only where the memory
  // of the events to come is larger than the processor's caches.
  void look_ahead() { looks_ahead_ = true; }

  // At most kMaxHandler + 1 handlers; each must outlive the loop's last run_next(). At one moment a
  // handler that was added earlier comes first.
  std::uint32_t add_handler(VirtualEventHandler& handler) {
    handlers_.push_back(&handler);
    return static_cast<std::uint32_t>(handlers_.size() - 1);
  }

  // Both add an event; `at` is not before now(). The order of events at one moment is that of
  // EventQueue: all that a handler adds for one target must come from one source. The first is for
  // events that are mostly added in the order of time.
  void add_in_turn(herd::Instant at, std::uint32_t handler, std::uint32_t target,
                   std::uint32_t payload) {
    queue_.add_in_turn(at, step_of(at), handler, target, payload);
  }
  // `urgent`: before all other events of that moment.
  void add(herd::Instant at, std::uint32_t handler, std::uint32_t target, std::uint32_t payload,
           bool urgent = false) {
    queue_.add(at, step_of(at), handler, target, payload, urgent);
  }

  // Frees the memory that is for more events than wait now.
  void free_unused() { queue_.free_unused(); }
  // The same for an event that something at `since`, at step 0, would have added then.
  void add_late(herd::Instant at, herd::Instant since, std::uint32_t handler, std::uint32_t target,
                std::uint32_t payload) {
    queue_.add(at, at == since ? 1 : 0, handler, target, payload);
  }
  // Compares the event that happens with one that is not urgent, of this moment.
  std::strong_ordering compare_with(std::uint32_t step, std::uint32_t handler,
                                    std::uint32_t target) const {
    return order_ <=> (VirtualEvent::kNotUrgent | VirtualEvent::order_of(step, handler, target));
  }

  bool idle() const { return queue_.empty(); }
  // Returns when the next event happens. Precondition: not idle.
  herd::Instant next() const { return queue_.next_at(); }
  // Lets the next event happen. Precondition: not idle.
  void run_next();
  // Sets the time. Precondition: no event happens before it.
  void pass_until(herd::Instant when) {
    if (when != now_) step_ = 0;
    now_ = when;
    order_ = kAfterAll;
  }

  // The trace identifies a run: the sum of a digest of each event, of its time and its place in the
  // order of that time. Handlers add the contents of events that their numbers do not tell apart.
  void trace(std::uint64_t word) { event_.add(word); }
  // Adds to the trace what happened earlier, without an event of its own.
  void trace_late(std::initializer_list<std::uint64_t> words) {
    Digest late;
    for (const std::uint64_t word : words) late.add(word);
    trace_ += late.value();
  }
  std::uint64_t trace_hash() const { return trace_; }

 private:
  static constexpr std::uint64_t kAfterAll = ~std::uint64_t{0};

  void prefetch_coming();

  // The step of an event: 0, or one more than that of the event that adds it if no time passes in
  // between. So a flood over links without latency spreads in rings.
  std::uint32_t step_of(herd::Instant at) const {
    return at == now_ ? std::min(step_ + 1, VirtualEvent::kMaxStep) : 0;
  }

  EventQueue queue_;
  std::vector<VirtualEventHandler*> handlers_;
  herd::Instant now_;
  std::uint32_t step_ = 0;   // of the event that happens, or happened last, if that was now
  std::uint64_t order_ = 0;  // of the same event
  bool looks_ahead_ = false;
  std::uint64_t happened_ = 0;
  Digest event_;  // of the event that happens
  std::uint64_t trace_ = 0;
};

}  // namespace sim
