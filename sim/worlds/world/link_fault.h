// What a fault does to a link at the moment.
#pragma once

#include <cstdint>

namespace sim {

enum class LinkFault : std::uint8_t {
  kNone,
  kCut,        // it has no connection, and cannot be dialled
  kBlackhole,  // nothing comes through, and neither endpoint is told
};

}  // namespace sim
