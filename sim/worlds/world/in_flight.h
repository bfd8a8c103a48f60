// A message of a flood, from when it is put on a link until it comes out or is lost.
#pragma once

#include <cstdint>

namespace sim {

inline constexpr std::uint32_t kNoIndex = 0xffff'ffff;  // no update, no server

struct InFlight {
  std::uint32_t update = 0;  // which of the herd's accepted updates, in the order of acceptance
  std::uint32_t hops : 31 = 0;
  std::uint32_t echo : 1 = 0;  // on its way back to the server that its sender had it from
};

}  // namespace sim
