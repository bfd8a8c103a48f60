// The coming events of virtual time, in the order of (time, sequence): of those at one moment, the
// one that was added first comes first.
//
// The next few events are sorted, so that the loop can look ahead to them. Behind them, events that
// are added in the order of time, as lines on links of one latency are, go through a plain queue;
// only the others need the heap. Either way an event takes 24 bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"
#include "sim/base/ring_queue.h"

namespace sim {

struct VirtualEvent {
  herd::Instant at;
  std::uint64_t order = 0;  // sequence and handler, as EventQueue::add() makes it
  std::uint32_t target = 0, payload = 0;

  std::uint32_t handler() const { return static_cast<std::uint32_t>(order & 0xffff); }
};

class EventQueue {
 public:
  // The number of next events that coming() can show, if there are that many.
  static constexpr std::uint32_t kForesight = 16;

  bool empty() const { return near_size_ == 0; }
  std::size_t size() const { return near_size_ + lane_.size() + heap_.size(); }

  // handler < 2^16. `urgent`: comes before all that is not, of the same moment.
  void add(herd::Instant at, std::uint32_t handler, std::uint32_t target, std::uint32_t payload,
           bool urgent = false) {
    const std::uint64_t order =
        (urgent ? 0 : kNotUrgent) | (sequence_++ << 16) | std::uint64_t{handler};
    const VirtualEvent event{at, order, target, payload};
    if (!put_near(event)) push(event);
  }
  // The same for what is likely to be added in the order of time. Not for what is far off: until
  // its time has come, all that is sooner would have to take the heap.
  void add_in_turn(herd::Instant at, std::uint32_t handler, std::uint32_t target,
                   std::uint32_t payload) {
    const VirtualEvent event{at, kNotUrgent | (sequence_++ << 16) | std::uint64_t{handler}, target,
                             payload};
    if (put_near(event)) return;
    if (lane_.empty() || before(lane_[lane_.size() - 1], event)) {
      lane_.push_back(event);
    } else {
      push(event);
    }
  }

  // Precondition of these: not empty.
  const VirtualEvent& next() const { return near(0); }
  VirtualEvent take() {
    const VirtualEvent event = near(0);
    near_head_ = (near_head_ + 1) % kNear;
    --near_size_;
    if (near_size_ < kForesight) refill();
    return event;
  }

  // Returns the event `behind` places after the next one; null if it cannot be shown.
  const VirtualEvent* coming(std::uint32_t behind) const {
    return behind < near_size_ ? &near(behind) : nullptr;
  }

 private:
  static constexpr std::uint64_t kNotUrgent = std::uint64_t{1} << 63;
  static constexpr std::size_t kArity = 4;
  static constexpr std::uint32_t kNear = 2 * kForesight;

  static bool before(const VirtualEvent& a, const VirtualEvent& b) {
    return a.at != b.at ? a.at < b.at : a.order < b.order;
  }
  VirtualEvent& near(std::uint32_t i) { return near_[(near_head_ + i) % kNear]; }
  const VirtualEvent& near(std::uint32_t i) const { return near_[(near_head_ + i) % kNear]; }

  // Puts it among the next ones if that is its place.
  bool put_near(const VirtualEvent& event) {
    const bool is_sooner = near_size_ > 0 && before(event, near(near_size_ - 1));
    if (!is_sooner && (near_size_ >= kForesight || !lane_.empty() || !heap_.empty())) return false;
    if (near_size_ == kNear) push(near(--near_size_));
    std::uint32_t at = near_size_++;
    for (; at > 0 && before(event, near(at - 1)); --at) near(at) = near(at - 1);
    near(at) = event;
    return true;
  }
  void refill() {
    while (near_size_ < kNear && !(lane_.empty() && heap_.empty())) {
      const bool from_lane =
          heap_.empty() || (!lane_.empty() && before(lane_.front(), heap_.front()));
      near(near_size_++) = from_lane ? lane_.front() : heap_.front();
      if (from_lane) {
        lane_.pop_front();
      } else {
        pop_heap();
      }
    }
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
  void pop_heap() {
    const VirtualEvent last = heap_.back();
    heap_.pop_back();
    if (heap_.empty()) return;
    std::size_t at = 0;
    for (std::size_t child = 1; child < heap_.size(); child = kArity * at + 1) {
      const std::size_t end = child + kArity < heap_.size() ? child + kArity : heap_.size();
      std::size_t best = child;
      for (std::size_t i = child + 1; i < end; ++i) {
        if (before(heap_[i], heap_[best])) best = i;
      }
      if (!before(heap_[best], last)) break;
      heap_[at] = heap_[best];
      at = best;
    }
    heap_[at] = last;
  }

  // The next ones, all of them before all others. Not empty unless all is.
  std::array<VirtualEvent, kNear> near_;
  std::uint32_t near_head_ = 0, near_size_ = 0;
  RingQueue<VirtualEvent> lane_;
  std::vector<VirtualEvent> heap_;  // of kArity children each
  std::uint64_t sequence_ = 0;
};

}  // namespace sim
