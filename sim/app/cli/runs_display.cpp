#include "sim/app/cli/runs_display.h"

#include <unistd.h>

#include <cstdio>

#include "sim/app/cli/terminal.h"
#include "sim/measure/results/human.h"

namespace sim {

RunsDisplay::RunsDisplay(std::uint64_t runs)
    : runs_(with_separators(static_cast<std::int64_t>(runs))),
      redraws_(terminal_of(STDERR_FILENO).has_escapes) {}

void RunsDisplay::show(std::uint64_t done) {
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < (redraws_ ? std::chrono::milliseconds(100) : std::chrono::seconds(5))) return;
  shown_ = now;
  erase();
  std::fprintf(stderr, "swarm: %s of %s runs%s",
               with_separators(static_cast<std::int64_t>(done)).c_str(), runs_.c_str(),
               redraws_ ? "" : "\n");
  std::fflush(stderr);
  drawn_ = redraws_;
}

void RunsDisplay::erase() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

}  // namespace sim
