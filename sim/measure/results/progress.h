// How far a run is, in one line. Nothing here knows of terminals or clocks: whoever shows the line
// says how wide it may be and when it is time for the next one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/time.h"

namespace sim {

struct Progress {
  herd::Duration elapsed{0};  // of the scenario's time
  herd::Duration total{0};
  std::string phase;  // "running", "draining": a word or two
  std::uint64_t updates = 0;
  double messages_per_second = 0;
};

// For a terminal that is `width` columns wide: a bar, then as much of the rest as fits. Never wider
// than that, so that it can be drawn over itself; no line's end.
std::string progress_bar(const Progress& progress, std::size_t width);

// For a file or a pipe: the same as a sentence, without a bar, and no line's end.
std::string progress_line(const Progress& progress);

}  // namespace sim
