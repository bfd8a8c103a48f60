// A duration as a scenario writes it.
#pragma once

#include <fmt/format.h>

#include <string>

#include "core/time.h"

namespace sim {

// In the largest unit that needs no fraction.
inline std::string duration_text(herd::Duration duration) {
  const auto ns = duration.count();
  if (ns % 1'000'000'000 == 0) return fmt::format("{}s", ns / 1'000'000'000);
  if (ns % 1'000'000 == 0) return fmt::format("{}ms", ns / 1'000'000);
  if (ns % 1'000 == 0) return fmt::format("{}us", ns / 1'000);
  return fmt::format("{}ns", ns);
}

}  // namespace sim
