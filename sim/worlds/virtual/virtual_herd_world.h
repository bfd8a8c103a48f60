// Virtual time as the director sees it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sim/worlds/virtual/virtual_herd.h"
#include "sim/worlds/virtual/virtual_loop.h"
#include "sim/worlds/virtual/virtual_tasks.h"
#include "sim/worlds/world/herd_world.h"

namespace sim {

class VirtualHerdWorld final : public HerdWorld {
 public:
  // `herds` by their place in the scenario; they and the loop must outlive the world.
  VirtualHerdWorld(VirtualLoop& loop, std::vector<std::unique_ptr<VirtualHerd>>& herds)
      : loop_(loop), tasks_(loop), herds_(herds) {}

  // Sets the run's time zero; before any other call.
  void set_zero(herd::Instant zero) { zero_ = zero; }

  herd::Instant now() const override { return herd::Instant(loop_.now() - zero_); }
  void wake_at(herd::Instant when, std::function<void()> action) override;
  void apply(std::uint32_t herd, const Fault& fault) override { herds_[herd]->apply(fault); }

 private:
  VirtualLoop& loop_;
  VirtualTasks tasks_;
  std::vector<std::unique_ptr<VirtualHerd>>& herds_;
  herd::Instant zero_;
  std::uint64_t wake_ups_ = 0;  // the last of them is the one that counts
};

}  // namespace sim
