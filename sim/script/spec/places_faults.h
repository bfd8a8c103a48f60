// The faults that a scenario can give the embedded Places provider.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.h"

namespace sim {

struct PlacesFaults {
  herd::Duration latency{0};  // before every answer, >= 0
  double fail = 0;            // probability in [0, 1] of an HTTP 500 answer
  double cut = 0;             // probability in [0, 1] that a body is cut off midway
  // The number of requests, counted from the provider's start, after which every answer is
  // OVER_QUERY_LIMIT.
  std::optional<std::uint64_t> quota = std::nullopt;
};

}  // namespace sim
