// The fault that a link has at the moment.
#pragma once

#include <cstdint>

#include "sim/script/spec/cut_how.h"

namespace sim {

enum class LinkFault : std::uint8_t {
  kNone,
  kCut,                // it has no connection, and cannot be dialled
  kBlackhole,          // nothing comes through, and neither endpoint is told
  kBlackholeForward,   // so it is only from the link's first server to its second
  kBlackholeBackward,  // and only from its second to its first
};

constexpr LinkFault blackhole(CutWays ways) {
  switch (ways) {
    case CutWays::kForward:
      return LinkFault::kBlackholeForward;
    case CutWays::kBackward:
      return LinkFault::kBlackholeBackward;
    case CutWays::kBoth:
      break;
  }
  return LinkFault::kBlackhole;
}

// Returns whether nothing comes through in a direction. No server of the link can then dial: a
// connection needs both directions.
constexpr bool holds(LinkFault fault, bool forward) {
  return fault == LinkFault::kBlackhole ||
         fault == (forward ? LinkFault::kBlackholeForward : LinkFault::kBlackholeBackward);
}
constexpr bool is_blackhole(LinkFault fault) { return holds(fault, true) || holds(fault, false); }

}  // namespace sim
