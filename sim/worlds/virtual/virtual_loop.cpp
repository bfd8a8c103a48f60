#include "sim/worlds/virtual/virtual_loop.h"

namespace sim {

void VirtualLoop::prefetch_coming() {
  // In events. Measured: nearer ones come too late, and farther ones are not better.
  constexpr std::uint32_t kFar = 18, kNear = 12;
  if (const VirtualEvent* const event = queue_.coming(kFar)) {
    handlers_[event->handler()]->prefetch_far(event->target(), event->payload);
  }
  if (const VirtualEvent* const event = queue_.coming(kNear)) {
    handlers_[event->handler()]->prefetch_near(event->target(), event->payload);
  }
}

void VirtualLoop::run_next() {
  if (looks_ahead_) prefetch_coming();
  const VirtualEvent event = queue_.take();
  now_ = event.at;
  step_ = event.step();
  order_ = event.order;
  ++happened_;
  event_ = {};
  trace(static_cast<std::uint64_t>(event.at.time_since_epoch().count()));
  trace(event.order);
  handlers_[event.handler()]->happen(event.target(), event.payload);
  trace_ += event_.value();
}

}  // namespace sim
