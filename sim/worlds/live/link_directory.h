// A live server asks the herd around it by this: where its neighbours are, and how the links are.
#pragma once

#include <uv.h>

#include "core/ids.h"
#include "sim/script/spec/link_conditions.h"
#include "sim/worlds/world/link_fault.h"

namespace sim {

class Stream;

class LinkDirectory {
 public:
  virtual ~LinkDirectory() = default;
  // Returns the address at which a neighbour listens.
  virtual sockaddr_storage neighbor_address(herd::ServerId server,
                                            herd::NeighborId neighbor) const = 0;
  // Returns the conditions of the direction from the neighbour to the server.
  virtual const LinkConditions& way_back(herd::ServerId server,
                                         herd::NeighborId neighbor) const = 0;
  // Returns the link's fault. While it is cut, every dial is refused. While it is a blackhole, in
  // whatever direction, no dial is answered.
  virtual LinkFault fault_to(herd::ServerId server, herd::NeighborId neighbor) const = 0;
  // Returns whether a blackhole holds what the server sends to the neighbour. The neighbour then
  // does not see either that the server closes.
  virtual bool is_unheard(herd::ServerId server, herd::NeighborId neighbor) const = 0;
  // Keeps a socket open until the link is restored, so that the neighbour does not see it close.
  virtual void keep_until_restored(herd::ServerId server, herd::NeighborId neighbor,
                                   Stream& stream) = 0;
  // One endpoint of a link has been proven.
  virtual void link_proven() = 0;
};

}  // namespace sim
