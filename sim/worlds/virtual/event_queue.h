// The coming events of virtual time, in the order of (time, sequence): of those at one moment, the
// one that was added first comes first.
//
// Events that are added in the order of time, as lines on links of one latency are, go through a
// plain queue, the lane. All others wait unsorted: first all together, then by slices of time, each
// of which is sorted when its time comes. So an event takes a few moves, however many there are (W.
// T. Tang and others, "Ladder queue", 2005). A heap takes the few that come sooner than the last
// slice that was sorted. An event takes 24 bytes.
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
  bool before(const VirtualEvent& other) const {
    return at != other.at ? at < other.at : order < other.order;
  }
};

class EventQueue {
 public:
  bool empty() const { return lane_.empty() && sorted_left() == 0 && heap_.empty(); }
  std::size_t size() const { return lane_.size() + sorted_left() + heap_.size() + unsorted_; }

  // handler < 2^16. `urgent`: comes before all that is not, of the same moment.
  void add(herd::Instant at, std::uint32_t handler, std::uint32_t target, std::uint32_t payload,
           bool urgent = false) {
    put({at, (urgent ? 0 : kNotUrgent) | order_of(handler), target, payload});
  }
  // The same for what is likely to be added in the order of time. Not for what is far off: until
  // its time has come, all that is sooner would have to take another way.
  void add_in_turn(herd::Instant at, std::uint32_t handler, std::uint32_t target,
                   std::uint32_t payload) {
    const std::uint64_t order = kNotUrgent | order_of(handler);
    // Its sequence is higher than that of all others. Each way makes an event of its own: one that
    // is put() in memory first would have to be read back from there, which takes as long as the
    // rest of this.
    if (lane_.empty() || lane_[lane_.size() - 1].at <= at) {
      lane_.push_back({at, order, target, payload});
    } else {
      put({at, order, target, payload});
    }
  }

  // Precondition of these: not empty.
  const VirtualEvent& next() const { return *front().event; }
  VirtualEvent take() {
    const Front first = front();
    const VirtualEvent event = *first.event;
    switch (first.from) {
      case Source::kLane:
        lane_.pop_front();
        break;
      case Source::kSorted:
        if (++head_ == sorted_.size()) sort_next();
        break;
      case Source::kHeap:
        pop_heap();
        break;
    }
    return event;
  }

  // Returns an event that is likely to come so many places after the next one; null if none can be
  // shown. For a look ahead that may be wrong.
  const VirtualEvent* coming(std::uint32_t behind) const {
    const bool by_lane =
        !lane_.empty() && (sorted_left() == 0 || lane_.front().before(sorted_[head_]));
    if (by_lane) return behind < lane_.size() ? &lane_[behind] : nullptr;
    return behind < sorted_left() ? &sorted_[head_ + behind] : nullptr;
  }

 private:
  static constexpr std::uint64_t kNotUrgent = std::uint64_t{1} << 63;
  static constexpr std::size_t kArity = 4;

  enum class Source { kLane, kSorted, kHeap };
  struct Front {
    const VirtualEvent* event;
    Source from;
  };

  std::uint64_t order_of(std::uint32_t handler) {
    return (sequence_++ << 16) | std::uint64_t{handler};
  }
  std::size_t sorted_left() const { return sorted_.size() - head_; }

  Front front() const {
    Front first{nullptr, Source::kLane};
    if (!lane_.empty()) first.event = &lane_.front();
    if (sorted_left() > 0 && (first.event == nullptr || sorted_[head_].before(*first.event))) {
      first = {&sorted_[head_], Source::kSorted};
    }
    if (!heap_.empty() && (first.event == nullptr || heap_.front().before(*first.event))) {
      first = {&heap_.front(), Source::kHeap};
    }
    return first;
  }

  void put(const VirtualEvent& event);
  // Sorts the events that come next, if any wait unsorted. Precondition: none is sorted.
  void sort_next();
  // Makes slices of about half of what waits all together, from the soonest on.
  void slice();
  void sort_all();
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

  RingQueue<VirtualEvent> lane_;
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
  std::uint64_t sequence_ = 0;
};

}  // namespace sim
