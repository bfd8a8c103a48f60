// The number of connections from outside that a process lets in, shared by all its servers: the
// rest of its descriptors is for links, Places and logs. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace sim {

class ConnectionBudget {
 public:
  // Before any connection comes.
  void set_max(std::uint64_t max) { max_ = max; }
  std::uint64_t max() const { return max_; }

  // Returns false, and counts nothing, if all places are taken.
  [[nodiscard]] bool take() {
    if (taken_.fetch_add(1) < max_) return true;
    taken_.fetch_sub(1);
    return false;
  }
  void give_back() { taken_.fetch_sub(1); }

 private:
  std::uint64_t max_ = 0;
  std::atomic<std::uint64_t> taken_ = 0;
};

}  // namespace sim
