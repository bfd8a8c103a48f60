// Actions that are called at a moment of virtual time.
//
// One thread, the loop's.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "sim/base/free_places.h"
#include "sim/worlds/virtual/virtual_loop.h"

namespace sim {

class VirtualTasks final : private VirtualEventHandler {
 public:
  // The loop must outlive the tasks.
  explicit VirtualTasks(VirtualLoop& loop) : loop_(loop), handler_(loop.add_handler(*this)) {}
  VirtualTasks(const VirtualTasks&) = delete;
  VirtualTasks& operator=(const VirtualTasks&) = delete;

  // Calls `task` at that time, and never from within this call. `source` is the number of the
  // server or client that the task belongs to. Of the tasks at one moment, those of a lower source
  // come first, and those of one source in the order of these calls. `urgent`: before all other
  // events of that moment.
  void at(herd::Instant when, std::uint32_t source, std::function<void()> task,
          bool urgent = false);
  void soon(std::uint32_t source, std::function<void()> task) {
    at(loop_.now(), source, std::move(task));
  }

 private:
  void happen(std::uint32_t source, std::uint32_t place) override;

  VirtualLoop& loop_;
  std::uint32_t handler_;
  std::vector<std::function<void()>> tasks_;
  FreePlaces<> free_;
};

}  // namespace sim
