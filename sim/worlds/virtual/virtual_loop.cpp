#include "sim/worlds/virtual/virtual_loop.h"

#include <utility>

namespace sim {

std::uint32_t VirtualLoop::Tasks::put(std::function<void()> task) {
  const std::uint32_t place = free_.take(tasks_);
  tasks_[place] = std::move(task);
  return place;
}

void VirtualLoop::Tasks::happen(std::uint32_t target, std::uint32_t /*payload*/) {
  // Its place may be taken again while it is done.
  const auto task = std::exchange(tasks_[target], nullptr);
  free_.give_back(target);
  task();
}

void VirtualLoop::at(herd::Instant when, std::function<void()> task, bool urgent) {
  queue_.add(when, 0, tasks_.put(std::move(task)), 0, urgent);
}

void VirtualLoop::prefetch_coming() {
  constexpr int kEventsAStep = 2;
  // Two events for each step: measured, an event takes about half as long as a read from memory.
  for (int step = 0; step < kPrefetchSteps; ++step) {
    const auto behind = static_cast<std::uint32_t>(kEventsAStep * (kPrefetchSteps - step));
    const VirtualEvent* const event = queue_.coming(behind);
    if (event == nullptr) continue;
    handlers_[event->handler()]->prefetch(event->target, event->payload, step);
  }
}

void VirtualLoop::run_next() {
  if (looks_ahead_) prefetch_coming();
  const VirtualEvent event = queue_.take();
  now_ = event.at;
  ++happened_;
  trace(static_cast<std::uint64_t>(event.at.time_since_epoch().count()));
  handlers_[event.handler()]->happen(event.target, event.payload);
}

}  // namespace sim
