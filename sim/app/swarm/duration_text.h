// Writes durations as scenario files do.
#pragma once

#include <fmt/format.h>

#include <string>

#include "core/time.h"

namespace sim {

// Returns the duration in the largest unit in which it is a whole number.
inline std::string duration_text(herd::Duration duration) {
  const auto ns = duration.count();
  if (ns % 1'000'000'000 == 0) return fmt::format("{}s", ns / 1'000'000'000);
  if (ns % 1'000'000 == 0) return fmt::format("{}ms", ns / 1'000'000);
  if (ns % 1'000 == 0) return fmt::format("{}us", ns / 1'000);
  return fmt::format("{}ns", ns);
}

}  // namespace sim
