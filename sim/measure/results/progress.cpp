#include "sim/measure/results/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <string_view>

#include "sim/base/text/utf8.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

constexpr std::size_t kBar = 24;       // columns of the bar without brackets, if there is room
constexpr std::size_t kSmallBar = 10;  // a smaller bar is not useful

// Returns the part of the scenario's time that has passed, in [0, 1]; 1 if the scenario has no
// length.
double share(const Progress& progress) {
  if (progress.total.count() <= 0) return 1;
  return std::clamp(
      static_cast<double>(progress.elapsed.count()) / static_cast<double>(progress.total.count()),
      0.0, 1.0);
}

// Rounds to tenths of a second: people cannot read a changing number any finer.
std::string seconds(herd::Duration value) {
  return fmt::format("{:.1f}", std::chrono::duration<double>(value).count());
}

std::string clock(const Progress& progress) {
  return seconds(progress.elapsed) + " / " + seconds(progress.total) + " s";
}

std::string updates(const Progress& progress) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return with_separators(static_cast<std::int64_t>(std::min(progress.updates, kMost))) + " updates";
}

std::string rate(const Progress& progress) {
  constexpr double kMost = 1e15;
  const double rate = std::isfinite(progress.messages_per_second)
                          ? std::clamp(progress.messages_per_second, 0.0, kMost)
                          : 0;
  return with_separators(std::llround(rate)) + " messages/s";
}

std::string bar(double share, std::size_t cells) {
  const auto full = static_cast<std::size_t>(share * static_cast<double>(cells));
  std::string out = "[";
  for (std::size_t i = 0; i < cells; ++i) out += i < full ? "█" : "░";
  return out + "]";
}

}  // namespace

std::string progress_bar(const Progress& progress, std::size_t width) {
  const std::string phase = printable(progress.phase);
  const std::string parts[] = {fmt::format("{:3}%", static_cast<int>(share(progress) * 100)),
                               clock(progress), phase, updates(progress), rate(progress)};
  // First the parts that fit, the most important one first. Then the bar in the rest of the width.
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    const std::string_view gap = text.empty() ? "" : "  ";
    if (display_width(text) + gap.size() + display_width(part) > width) break;
    text += gap;
    text += part;
  }
  const std::size_t used = display_width(text) + 3;  // two brackets and a space
  if (used + kSmallBar > width) return text;
  return bar(share(progress), std::min(kBar, width - used)) + ' ' + text;
}

std::string progress_line(const Progress& progress) {
  std::string line = clock(progress);
  const std::string phase = printable(progress.phase);
  if (!phase.empty()) line += ", " + phase;
  return line + ", " + updates(progress) + ", " + rate(progress);
}

}  // namespace sim
