#include "sim/worlds/live/live_herd_world.h"

#include <utility>
#include <variant>

#include "sim/worlds/live/places_host.h"

namespace sim {

LiveHerdWorld::LiveHerdWorld(IoLoop& loop, const RunClock& clock,
                             std::vector<std::unique_ptr<HostedHerd>>& herds)
    : clock_(clock), herds_(herds), timer_(loop, [this] {
        // The action may arm the next one.
        if (const auto action = std::exchange(action_, nullptr)) action();
      }) {}

herd::Instant LiveHerdWorld::now() const { return herd::Instant(clock_.now() - zero_); }

void LiveHerdWorld::wake_at(herd::Instant when, std::function<void()> action) {
  action_ = std::move(action);
  timer_.arm(clock_.hrtime_of(zero_ + when.time_since_epoch()));
}

void LiveHerdWorld::apply(std::uint32_t herd, const Fault& fault) {
  const auto* const set = std::get_if<SetPlaces>(&fault);
  if (set == nullptr) return herds_[herd]->apply(fault);
  if (places_ != nullptr) places_->set_faults(herd, set->faults);
}

}  // namespace sim
