#include "sim/worlds/virtual/virtual_loop.h"

namespace sim {

void VirtualLoop::prefetch_coming() {
  constexpr int kEventsAStep = 2;
  // Two events for each step: measured, an event takes about half as long as a read from memory.
  for (int step = 0; step < kPrefetchSteps; ++step) {
    const auto behind = static_cast<std::uint32_t>(kEventsAStep * (kPrefetchSteps - step));
    const VirtualEvent* const event = queue_.coming(behind);
    if (event == nullptr) continue;
    handlers_[event->handler()]->prefetch(event->target(), event->payload, step);
  }
}

void VirtualLoop::run_next() {
  if (looks_ahead_) prefetch_coming();
  const VirtualEvent event = queue_.take();
  now_ = event.at;
  step_ = event.step();
  ++happened_;
  event_ = {};
  trace(static_cast<std::uint64_t>(event.at.time_since_epoch().count()));
  trace(event.order);
  handlers_[event.handler()]->happen(event.target(), event.payload);
  trace_ += event_.value();
}

}  // namespace sim
