#include "sim/worlds/virtual/virtual_tasks.h"

namespace sim {

void VirtualTasks::at(herd::Instant when, std::uint32_t source, std::function<void()> task,
                      bool urgent) {
  const std::uint32_t place = free_.take(tasks_);
  tasks_[place] = std::move(task);
  loop_.add(when, handler_, source, place, urgent);
}

void VirtualTasks::happen(std::uint32_t /*source*/, std::uint32_t place) {
  // Its place may be taken again while it is done.
  const auto task = std::exchange(tasks_[place], nullptr);
  free_.give_back(place);
  constexpr std::size_t kMostKept = 4096;  // there are many more when all links are dialled
  free_.drop_unused(tasks_, kMostKept);
  task();
}

}  // namespace sim
