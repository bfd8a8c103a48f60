#include "sim/worlds/virtual/virtual_herd_world.h"

#include <algorithm>
#include <utility>

namespace sim {

void VirtualHerdWorld::wake_at(herd::Instant when, std::function<void()> action) {
  // At one instant the script's events come before all that clients and servers do.
  tasks_.at(
      std::max(loop_.now(), zero_ + when.time_since_epoch()), 0,
      [this, wake_up = ++wake_ups_, action = std::move(action)] {
        if (wake_up == wake_ups_) action();
      },
      true);
}

}  // namespace sim
