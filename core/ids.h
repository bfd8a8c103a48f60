// Small typed numbers that identify the objects of the core. They count from 0 without gaps, so
// that they can index a table.
#pragma once

#include <compare>
#include <cstdint>

namespace herd {

template <class Tag>
struct Id {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(Id, Id) = default;
};

using ServerId = Id<struct ServerTag>;          // a server: its index in the herd's list
using NeighborId = Id<struct NeighborTag>;      // a link: its index in one server's config
using ConnectionId = Id<struct ConnectionTag>;  // a connection of one server; reused after closing

}  // namespace herd
