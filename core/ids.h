// Small typed numbers for what the core talks about. Dense from 0, so that a table can hold them.
#pragma once

#include <compare>
#include <cstdint>

namespace herd {

template <class Tag>
struct Id {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(Id, Id) = default;
};

using ServerId = Id<struct ServerTag>;          // a server, by its place in its herd's list
using NeighborId = Id<struct NeighborTag>;      // a link of one server, by its place in its config
using ConnectionId = Id<struct ConnectionTag>;  // a connection of one server; reused once closed

}  // namespace herd
