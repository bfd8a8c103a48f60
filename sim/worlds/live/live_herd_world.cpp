#include "sim/worlds/live/live_herd_world.h"

#include <utility>

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

void LiveHerdWorld::cut_link(std::uint32_t herd, std::uint32_t link, CutHow how) {
  herds_[herd]->cut_link(link, how);
}

void LiveHerdWorld::restore_link(std::uint32_t herd, std::uint32_t link) {
  herds_[herd]->restore_link(link);
}

void LiveHerdWorld::set_link(std::uint32_t herd, std::uint32_t link,
                             const TwoWayConditions& conditions) {
  herds_[herd]->set_link(link, conditions);
}

void LiveHerdWorld::stop_server(std::uint32_t herd, std::uint32_t server) {
  herds_[herd]->stop_server(server);
}

void LiveHerdWorld::start_server(std::uint32_t herd, std::uint32_t server) {
  herds_[herd]->start_server(server);
}

void LiveHerdWorld::pause_server(std::uint32_t herd, std::uint32_t server) {
  herds_[herd]->pause_server(server);
}

void LiveHerdWorld::resume_server(std::uint32_t herd, std::uint32_t server) {
  herds_[herd]->resume_server(server);
}

void LiveHerdWorld::set_places(std::uint32_t herd, const PlacesFaults& faults) {
  if (places_ != nullptr) places_->set_faults(herd, faults);
}

}  // namespace sim
