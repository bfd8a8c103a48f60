// The ways of a client group's members.
#pragma once

#include <cstdint>
#include <memory>

#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/spec/client_group.h"

namespace sim {

// Made one at a time, so that a large group's ways need not be held all at once. Each member draws
// from a stream of its own, "client/ID/mobility": neither its group's size nor another group
// changes its way.
class GroupTracks {
 public:
  // Right up to `until`. `group` must outlive it and be of a validated scenario.
  GroupTracks(const ClientGroup& group, std::uint64_t seed, Duration until);

  // The way of member n. Members that all go the same way have the very same one.
  std::shared_ptr<const Track> of(std::uint32_t n);

 private:
  Track make(std::uint32_t n) const;

  const ClientGroup& group_;
  std::uint64_t seed_;
  Duration until_;
  bool shared_;                         // whether all members go the same way
  std::shared_ptr<const Track> track_;  // then
};

}  // namespace sim
