// The live world as the director sees it: herds on one libuv loop, real ports, the monotonic clock.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sim/base/io/precise_timer.h"
#include "sim/base/io/run_clock.h"
#include "sim/worlds/live/hosted_herd.h"
#include "sim/worlds/world/herd_world.h"

namespace sim {

class PlacesHost;

class LiveHerdWorld final : public HerdWorld {
 public:
  // `herds` by their place in the scenario; they, the loop and the clock must outlive the world.
  LiveHerdWorld(IoLoop& loop, const RunClock& clock,
                std::vector<std::unique_ptr<HostedHerd>>& herds);

  // The providers that SetPlaces is done to; they must outlive the world.
  void set_places_host(PlacesHost& places) { places_ = &places; }
  // Sets the run's time zero; before any other call.
  void set_zero(herd::Instant zero) { zero_ = zero; }

  herd::Instant now() const override;
  void wake_at(herd::Instant when, std::function<void()> action) override;
  void apply(std::uint32_t herd, const Fault& fault) override;

 private:
  const RunClock& clock_;
  std::vector<std::unique_ptr<HostedHerd>>& herds_;
  PlacesHost* places_ = nullptr;
  herd::Instant zero_;
  std::function<void()> action_;
  PreciseTimer timer_;
};

}  // namespace sim
