// The fault that a link has at the moment.
#pragma once

#include <cstdint>

namespace sim {

enum class LinkFault : std::uint8_t {
  kNone,
  kCut,        // it has no connection, and cannot be dialled
  kBlackhole,  // nothing comes through, and neither endpoint is told
};

}  // namespace sim
