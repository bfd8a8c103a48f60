#include "sim/app/cli/runs_display.h"

#include <unistd.h>

#include <cstdio>

#include "sim/measure/results/human.h"

namespace sim {

RunsDisplay::RunsDisplay(std::uint64_t runs)
    : runs_(with_separators(static_cast<std::int64_t>(runs))),
      terminal_(isatty(STDERR_FILENO) == 1) {}

void RunsDisplay::show(std::uint64_t done) {
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(5))) return;
  shown_ = now;
  erase();
  std::fprintf(stderr, "swarm: %s of %s runs%s",
               with_separators(static_cast<std::int64_t>(done)).c_str(), runs_.c_str(),
               terminal_ ? "" : "\n");
  std::fflush(stderr);
  drawn_ = terminal_;
}

void RunsDisplay::erase() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

}  // namespace sim
