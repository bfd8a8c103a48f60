// The faults that a scenario can give the embedded Places provider.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.h"

namespace sim {

struct PlacesFaults {
  herd::Duration latency{0};  // before every answer, >= 0
  double fail = 0;            // rate in [0, 1] of HTTP 500s
  double cut = 0;             // rate in [0, 1] of bodies cut off midway
  // From the request after this many on, counted from the provider's start, OVER_QUERY_LIMIT.
  std::optional<std::uint64_t> quota = std::nullopt;
};

}  // namespace sim
