// The tracks of a client group's members.
#pragma once

#include <cstdint>
#include <memory>

#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/spec/client_group.h"

namespace sim {

// Makes one track at a time, so that the tracks of a large group need not all be in memory at once.
// Each member draws from its own stream, "client/ID/mobility". So neither the size of its group nor
// another group changes its track.
class GroupTracks {
 public:
  // Tracks are exact until `until`. `group` must outlive this object and belong to a validated
  // scenario.
  GroupTracks(const ClientGroup& group, std::uint64_t seed, Duration until);

  // Returns the track of member n. Members that all move alike share one track.
  std::shared_ptr<const Track> of(std::uint32_t n);

 private:
  Track make(std::uint32_t n) const;

  const ClientGroup& group_;
  std::uint64_t seed_;
  Duration until_;
  bool shared_;                         // whether all members move alike
  std::shared_ptr<const Track> track_;  // the shared track, made on first use
};

}  // namespace sim
