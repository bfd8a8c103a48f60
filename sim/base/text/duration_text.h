// Durations as scenarios write them.
#pragma once

#include <fmt/format.h>

#include <string>

#include "core/time.h"

namespace sim {

// Returns the duration in the largest unit, up to seconds, that needs no fraction: "1500ms".
inline std::string duration_text(herd::Duration duration) {
  const auto ns = duration.count();
  if (ns % 1'000'000'000 == 0) return fmt::format("{}s", ns / 1'000'000'000);
  if (ns % 1'000'000 == 0) return fmt::format("{}ms", ns / 1'000'000);
  if (ns % 1'000 == 0) return fmt::format("{}us", ns / 1'000);
  return fmt::format("{}ns", ns);
}

// Returns how much later `later` is than `earlier`, in the largest unit that is not more than it,
// with one decimal: "2.5 hours", "253.4 years". Precondition: earlier <= later.
std::string long_duration_text(herd::PosixNs later, herd::PosixNs earlier);

}  // namespace sim
