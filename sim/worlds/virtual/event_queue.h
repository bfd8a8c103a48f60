// The coming events of virtual time, in an order that does not depend on the order in which
// different sources add theirs: by (time, urgency, step, handler, target), and only those that have
// all of these in common in the order of adding. The step tells apart what happens at one moment
// because of something else at that moment. A turn is all that has time, urgency and step in
// common.
//
// Events that are added in the order of turns, as lines on links of one latency are, go through a
// plain queue, the lane; each turn is sorted when it comes. All others wait unsorted: first all
// together, then by slices of time, each of which is sorted when its time comes. So an event takes
// a few moves, however many there are (W. T. Tang and others, "Ladder queue", 2005). A heap takes
// the few that come sooner than the last slice that was sorted. An event takes 24 bytes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"
#include "sim/base/ring_queue.h"

namespace sim {

struct VirtualEvent {
  static constexpr int kTargetBits = 32, kHandlerBits = 13, kStepBits = 18;
  static constexpr std::uint32_t kMaxHandler = (1U << kHandlerBits) - 1;
  static constexpr std::uint32_t kMaxStep = (1U << kStepBits) - 1;
  static constexpr std::uint64_t kNotUrgent = std::uint64_t{1} << 63;

  static std::uint64_t order_of(std::uint32_t step, std::uint32_t handler, std::uint32_t target) {
    return std::uint64_t{step} << (kHandlerBits + kTargetBits) |
           std::uint64_t{handler} << kTargetBits | target;
  }

  herd::Instant at;
  std::uint64_t order = 0;     // from the highest bit on: not urgent, step, handler, target
  std::uint32_t sequence = 0;  // of adding, modulo 2^32
  std::uint32_t payload = 0;

  std::uint32_t target() const { return static_cast<std::uint32_t>(order); }
  std::uint32_t handler() const {
    return static_cast<std::uint32_t>(order >> kTargetBits) & kMaxHandler;
  }
  std::uint32_t step() const {
    return static_cast<std::uint32_t>(order >> (kHandlerBits + kTargetBits)) & kMaxStep;
  }
  bool before(const VirtualEvent& other) const {
    if (at != other.at) return at < other.at;
    if (order != other.order) return order < other.order;
    return static_cast<std::int32_t>(sequence - other.sequence) < 0;
  }
  bool in_earlier_turn(const VirtualEvent& other) const {
    return at != other.at ? at < other.at : turn_bits() < other.turn_bits();
  }
  bool in_turn_of(const VirtualEvent& other) const {
    return at == other.at && turn_bits() == other.turn_bits();
  }

 private:
  std::uint64_t turn_bits() const { return order >> (kHandlerBits + kTargetBits); }
};
static_assert(sizeof(VirtualEvent) == 24);
static_assert(1 + VirtualEvent::kStepBits + VirtualEvent::kHandlerBits +
                  VirtualEvent::kTargetBits ==
              64);

class EventQueue {
 public:
  bool empty() const {
    return lane_.empty() && turn_left() == 0 && sorted_left() == 0 && heap_.empty();
  }
  std::size_t size() const {
    return lane_.size() + turn_left() + sorted_left() + heap_.size() + unsorted_;
  }

  // While an event waits, fewer than 2^31 others may be added, or it may change places with one of
  // the same time, urgency, step, handler and target. `urgent`: comes before all that is not, of
  // the same moment. Precondition: handler and step are at most kMaxHandler and kMaxStep.
  void add(herd::Instant at, std::uint32_t step, std::uint32_t handler, std::uint32_t target,
           std::uint32_t payload, bool urgent = false) {
    put({at,
         (urgent ? 0 : VirtualEvent::kNotUrgent) | VirtualEvent::order_of(step, handler, target),
         sequence_++, payload});
  }
  // The same for what is likely to be added in the order of time. Not for what is far off: until
  // its time has come, all that is sooner would have to take another way.
  void add_in_turn(herd::Instant at, std::uint32_t step, std::uint32_t handler,
                   std::uint32_t target, std::uint32_t payload) {
    const std::uint64_t order =
        VirtualEvent::kNotUrgent | VirtualEvent::order_of(step, handler, target);
    const std::uint32_t sequence = sequence_++;
    // Two copies of the event: GCC keeps one that is passed on by its address in memory, and the
    // processor then waits for its parts when the lane gets it.
    if (lane_.empty() || !VirtualEvent{at, order, 0, 0}.in_earlier_turn(lane_[lane_.size() - 1])) {
      lane_.push_back({at, order, sequence, payload});
    } else {
      put({at, order, sequence, payload});
    }
  }

  // Precondition of these: not empty.
  herd::Instant next_at() const {
    herd::Instant at = lane_.empty() ? herd::Instant::max() : lane_.front().at;
    if (turn_left() > 0) at = std::min(at, turn_[turn_head_].at);
    if (sorted_left() > 0) at = std::min(at, sorted_[head_].at);
    return heap_.empty() ? at : std::min(at, heap_.front().at);
  }
  VirtualEvent take() {
    if (turn_head_ < turn_first_until_) return turn_[turn_head_++];
    if (turn_left() == 0 && lane_is_next()) {
      // Most turns are one event, unless many happen at one moment.
      if (lane_.size() == 1 || !lane_.front().in_turn_of(lane_[1])) {
        if (const VirtualEvent event = lane_.front(); is_first(event)) {
          lane_.pop_front();
          return event;
        }
      }
      take_turn();
    }
    const Front first = front();
    const VirtualEvent event = *first.event;
    switch (first.from) {
      case Source::kTurn:
        ++turn_head_;
        break;
      case Source::kSorted:
        if (++head_ == sorted_.size() ||
            (head_ + kAhead > sorted_.size() && unsorted_ > together_.size())) {
          sort_next();
        }
        break;
      case Source::kHeap:
        pop_heap();
        break;
    }
    return event;
  }

  // Frees the memory that is for more events than wait now.
  void free_unused();

  // Returns an event that is likely to come so many places after the next one; null if none can be
  // shown. For a look ahead that may be wrong.
  const VirtualEvent* coming(std::uint32_t behind) const {
    if (behind < turn_left()) return &turn_[turn_head_ + behind];
    behind -= static_cast<std::uint32_t>(turn_left());
    const bool by_lane =
        !lane_.empty() && (sorted_left() == 0 || lane_.front().before(sorted_[head_]));
    if (by_lane) return behind < lane_.size() ? &lane_[behind] : nullptr;
    return behind < sorted_left() ? &sorted_[head_ + behind] : nullptr;
  }

 private:
  static constexpr std::size_t kArity = 4;
  // While others wait in slices, at least so many are sorted, so that coming() can show them.
  static constexpr std::size_t kAhead = 24;

  enum class Source { kTurn, kSorted, kHeap };
  struct Front {
    const VirtualEvent* event;
    Source from;
  };

  std::size_t turn_left() const { return turn_size_ - turn_head_; }
  std::size_t sorted_left() const { return sorted_.size() - head_; }

  // Whether nothing that waits elsewhere comes before the event.
  bool is_first(const VirtualEvent& event) const {
    return (sorted_left() == 0 || event.before(sorted_[head_])) &&
           (heap_.empty() || event.before(heap_.front()));
  }
  // Whether nothing that waits elsewhere is of an earlier turn than the lane's next event. Then
  // nothing more can be added to its turn.
  bool lane_is_next() const {
    return !lane_.empty() &&
           (sorted_left() == 0 || !sorted_[head_].in_earlier_turn(lane_.front())) &&
           (heap_.empty() || !heap_.front().in_earlier_turn(lane_.front()));
  }

  Front front() const {
    Front first{nullptr, Source::kTurn};
    if (turn_left() > 0) first.event = &turn_[turn_head_];
    if (sorted_left() > 0 && (first.event == nullptr || sorted_[head_].before(*first.event))) {
      first = {&sorted_[head_], Source::kSorted};
    }
    if (!heap_.empty() && (first.event == nullptr || heap_.front().before(*first.event))) {
      first = {&heap_.front(), Source::kHeap};
    }
    return first;
  }

  // Moves the lane's next turn to turn_, sorted. Precondition: turn_ has run out.
  void take_turn();
  void put(const VirtualEvent& event);
  // Sorts the events that come next behind those that are sorted, if any wait unsorted.
  void sort_next();
  // Makes slices of about half of what waits all together, from the soonest on.
  void slice();
  void sort_all();
  // Moves events, which come after all that are sorted, to those.
  void sort_behind(std::vector<VirtualEvent>& events);
  // Puts everything but the lane together again, to be sliced in a better way.
  void put_together();
  std::size_t slice_of(herd::Instant at) const;

  void push_heap(const VirtualEvent& event) {
    std::size_t at = heap_.size();
    heap_.push_back(event);
    while (at > 0) {
      const std::size_t parent = (at - 1) / kArity;
      if (!event.before(heap_[parent])) break;
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
        if (heap_[i].before(heap_[best])) best = i;
      }
      if (!heap_[best].before(last)) break;
      heap_[at] = heap_[best];
      at = best;
    }
    heap_[at] = last;
  }

  RingQueue<VirtualEvent> lane_;  // in the order of turns
  // Sorted, from turn_head_ to turn_size_: what came last from the lane. Those before
  // turn_first_until_ are known to come before all that waits elsewhere.
  std::vector<VirtualEvent> turn_;
  std::size_t turn_head_ = 0, turn_size_ = 0, turn_first_until_ = 0;
  std::vector<VirtualEvent> spare_;  // for sorting
  // Sorted, from head_ on; what is before sorted_until_ comes here or to the heap. It has run out
  // only if nothing waits unsorted.
  std::vector<VirtualEvent> sorted_;
  std::size_t head_ = 0;
  herd::Instant sorted_until_ = herd::Instant::min();
  std::vector<VirtualEvent> heap_;  // of kArity children each
  // Unsorted: those before sliced_until_ by slices of time, the first of which begins at
  // sliced_from_ and each of which has 2^slice_bits_ nanoseconds; the others all together.
  std::vector<std::vector<VirtualEvent>> slices_;
  std::size_t next_slice_ = 0, slices_used_ = 0;
  herd::Instant sliced_from_, sliced_until_ = herd::Instant::min();
  int slice_bits_ = 0;
  std::vector<VirtualEvent> together_;
  std::size_t unsorted_ = 0;  // in slices and together
  std::uint32_t sequence_ = 0;
};

}  // namespace sim
