#include "sim/cli/progress_display.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace sim {
namespace {

constexpr auto kPlainLineEvery = std::chrono::seconds(2);
constexpr const char* kClearLine = "\r\x1b[K";

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

ProgressDisplay::ProgressDisplay(std::string scenario)
    : scenario_(std::move(scenario)), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressDisplay::~ProgressDisplay() {
  if (drawn_) std::fputs(kClearLine, stderr);
}

void ProgressDisplay::show(const Progress& progress) {
  if (terminal_) {
    // One short of the width: a full line would wrap on some terminals.
    std::fprintf(stderr, "%s%s", kClearLine, progress_bar(progress, terminal_width() - 1).c_str());
    std::fflush(stderr);
    drawn_ = true;
    return;
  }
  if (last_line_ && progress.elapsed - *last_line_ < kPlainLineEvery) return;
  last_line_ = progress.elapsed;
  std::fprintf(stderr, "%s: %s\n", scenario_.c_str(), progress_line(progress).c_str());
}

}  // namespace sim
