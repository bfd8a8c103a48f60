// The progress of a run, as one line of text. The functions use no terminal and no clock: the
// caller chooses the width and the time of each line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/time.h"

namespace sim {

// The real time between two reports.
inline constexpr std::uint64_t kProgressNs = 100'000'000;

struct Progress {
  herd::Duration elapsed{0};  // in the scenario's time
  herd::Duration total{0};
  std::string phase;  // one or two words, for example "running" or "draining"
  std::uint64_t updates = 0;
  double messages_per_second = 0;
};

// Returns a line for a terminal that is `width` columns wide: a bar, then as many of the other
// parts as fit. The line is never wider than that, so the next one can be drawn over it. It has no
// newline.
std::string progress_bar(const Progress& progress, std::size_t width);

// Returns the same for a file or a pipe: a sentence without a bar and without a newline.
std::string progress_line(const Progress& progress);

}  // namespace sim
