// What one live server asks of the herd around it: where its neighbours are, and what lies between.
#pragma once

#include <uv.h>

#include <optional>

#include "core/ids.h"
#include "sim/script/spec/link_conditions.h"

namespace sim {

class Stream;

class LinkDirectory {
 public:
  virtual ~LinkDirectory() = default;
  // Where a neighbour listens; nullopt while the link is cut.
  virtual std::optional<sockaddr_storage> dial_address(herd::ServerId server,
                                                       herd::NeighborId neighbor) = 0;
  // What the way back from the neighbour is like.
  virtual const LinkConditions& way_back(herd::ServerId server,
                                         herd::NeighborId neighbor) const = 0;
  // Whether the link is a blackhole: no dial is answered, and neither end sees the other's end.
  virtual bool is_blackhole(herd::ServerId server, herd::NeighborId neighbor) const = 0;
  // Keeps a socket whose end the neighbour must not see before the link is restored.
  virtual void keep_until_restored(herd::ServerId server, herd::NeighborId neighbor,
                                   Stream& stream) = 0;
  // One end of a link has been proven.
  virtual void link_proven() = 0;
};

}  // namespace sim
