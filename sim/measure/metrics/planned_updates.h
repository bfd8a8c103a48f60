// Finds the planned updates of what servers and clients report. Costs four bytes for each update
// that has a client and time of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/time.h"
#include "sim/script/plan/plan.h"

namespace sim {

class PlannedUpdates {
 public:
  // Knows the first `count` updates of the plan, which must outlive it. `base` is the client time
  // of time zero.
  PlannedUpdates(const Plan& plan, std::uint64_t count, herd::PosixNs base);

  // Returns the first update with these fields that was not taken before; kNoIndex if there is
  // none.
  std::uint32_t take(std::uint32_t subject, herd::PosixNs time, std::size_t location_hash);

 private:
  using Key = std::tuple<std::uint32_t, herd::PosixNs, std::size_t>;  // subject, time, location
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  herd::PosixNs time_of(std::uint32_t update) const;
  std::size_t location_of(std::uint32_t update) const;
  void find_alike();

  const Plan& plan_;
  herd::PosixNs base_;
  std::vector<std::uint32_t> updates_;  // subject by subject, each in the order of client time
  std::vector<std::size_t> starts_;     // by subject, and the end
  std::vector<bool> taken_;             // by place in updates_
  // Only updates that share their subject and their time with others: those with equal keys, from
  // the last of the plan to the first.
  std::unordered_map<Key, std::vector<std::uint32_t>, KeyHash> alike_;
};

}  // namespace sim
