// What is going to happen in virtual time: events in the order of (time, sequence), so that what
// was added first of one moment comes first.
//
// What is added in the order of time, as lines on links of one latency are, goes through a plain
// queue; the rest needs the heap. Either way an event takes 24 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"
#include "sim/metrics/ring_queue.h"

namespace sim {

struct VirtualEvent {
  herd::Instant at;
  std::uint64_t order = 0;  // sequence and handler, as EventQueue::add() makes it
  std::uint32_t target = 0, payload = 0;

  std::uint32_t handler() const { return static_cast<std::uint32_t>(order & 0xffff); }
};

class EventQueue {
 public:
  bool empty() const { return lane_.empty() && heap_.empty(); }
  std::size_t size() const { return lane_.size() + heap_.size(); }

  // handler < 2^16. `urgent`: comes before all that is not, of the same moment.
  void add(herd::Instant at, std::uint32_t handler, std::uint32_t target, std::uint32_t payload,
           bool urgent = false) {
    const std::uint64_t order =
        (urgent ? 0 : kNotUrgent) | (sequence_++ << 16) | std::uint64_t{handler};
    push({at, order, target, payload});
  }
  // The same for what is likely to be added in the order of time. Not for what is far off: until
  // its time has come, all that is sooner would have to take the heap.
  void add_in_turn(herd::Instant at, std::uint32_t handler, std::uint32_t target,
                   std::uint32_t payload) {
    const VirtualEvent event{at, kNotUrgent | (sequence_++ << 16) | std::uint64_t{handler}, target,
                             payload};
    if (lane_.empty() || before(lane_[lane_.size() - 1], event)) {
      lane_.push_back(event);
    } else {
      push(event);
    }
  }

  // Precondition of these: not empty.
  const VirtualEvent& next() const { return lane_is_next() ? lane_.front() : heap_.front(); }
  VirtualEvent take() {
    if (lane_is_next()) {
      const VirtualEvent event = lane_.front();
      lane_.pop_front();
      return event;
    }
    const VirtualEvent event = heap_.front();
    const VirtualEvent last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(last);
    return event;
  }

  // The event that is so many places behind the next one of those added in turn; null where there
  // are not so many.
  const VirtualEvent* coming(std::size_t behind) const {
    return behind < lane_.size() ? &lane_[behind] : nullptr;
  }

 private:
  static constexpr std::uint64_t kNotUrgent = std::uint64_t{1} << 63;
  static constexpr std::size_t kArity = 4;

  static bool before(const VirtualEvent& a, const VirtualEvent& b) {
    return a.at != b.at ? a.at < b.at : a.order < b.order;
  }
  bool lane_is_next() const {
    if (heap_.empty()) return true;
    return !lane_.empty() && before(lane_.front(), heap_.front());
  }
  void push(const VirtualEvent& event) {
    std::size_t at = heap_.size();
    heap_.push_back(event);
    while (at > 0) {
      const std::size_t parent = (at - 1) / kArity;
      if (!before(event, heap_[parent])) break;
      heap_[at] = heap_[parent];
      at = parent;
    }
    heap_[at] = event;
  }
  // Puts `event` in, from the root on.
  void sift_down(const VirtualEvent& event) {
    std::size_t at = 0;
    for (std::size_t child = 1; child < heap_.size(); child = kArity * at + 1) {
      const std::size_t end = child + kArity < heap_.size() ? child + kArity : heap_.size();
      std::size_t best = child;
      for (std::size_t i = child + 1; i < end; ++i) {
        if (before(heap_[i], heap_[best])) best = i;
      }
      if (!before(heap_[best], event)) break;
      heap_[at] = heap_[best];
      at = best;
    }
    heap_[at] = event;
  }

  RingQueue<VirtualEvent> lane_;
  std::vector<VirtualEvent> heap_;  // of kArity children each
  std::uint64_t sequence_ = 0;
};

}  // namespace sim
