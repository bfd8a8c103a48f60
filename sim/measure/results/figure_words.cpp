#include "sim/measure/results/figure_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/measure/results/human.h"

namespace sim {

std::string late_script_words(herd::Duration p99, herd::Duration worst) {
  return fmt::format(
      "the clients fell behind the script: 1 action in 100 was at least {} late, the worst {}. Do "
      "not trust the times of replies, queries and handovers, nor the updates per second: they "
      "include this delay. Propagation and coverage may be too long, because the machine was busy. "
      "Counts of messages can be trusted. Use fewer clients or updates, or a virtual clock.",
      human_duration(p99), human_duration(worst));
}

std::string share_words(std::uint64_t part, std::uint64_t whole) {
  if (part == 0) return "0 %";
  if (part == whole) return "100 %";
  const double percent = 100 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent < 1) return "<1 %";
  if (percent > 99) return ">99 %";
  return fmt::format("{:.0f} %", percent);
}

std::string delivery_words(std::uint64_t accepted, std::uint64_t covered,
                           std::uint64_t superseded) {
  const std::uint64_t never = accepted - std::min(accepted, covered + superseded);
  return fmt::format("fully delivered {}, superseded on the way {}, never {}",
                     share_words(covered, accepted), share_words(superseded, accepted),
                     share_words(never, accepted));
}

}  // namespace sim
