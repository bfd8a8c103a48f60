#include "sim/app/cli/progress_display.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "sim/base/text/utf8.h"

namespace sim {
namespace {

constexpr auto kPlainLineEvery = std::chrono::seconds(2);
constexpr const char* kClearLine = "\r\x1b[K";

// Returns one column less than the terminal has now, because some terminals wrap a line that is
// full.
std::size_t line_width() { return terminal_of(STDERR_FILENO).columns - 1; }

}  // namespace

ProgressDisplay::ProgressDisplay(std::string scenario)
    : scenario_(std::move(scenario)), terminal_(terminal_of(STDERR_FILENO)) {}

ProgressDisplay::~ProgressDisplay() {
  if (drawn_) std::fputs(kClearLine, stderr);
}

void ProgressDisplay::show(const Progress& progress) {
  if (terminal_.has_escapes) {
    draw(progress_bar(progress, line_width()));
    return;
  }
  if (last_line_ && progress.elapsed - *last_line_ < kPlainLineEvery) return;
  last_line_ = progress.elapsed;
  std::fprintf(stderr, "%s: %s\n", scenario_.c_str(), progress_line(progress).c_str());
}

void ProgressDisplay::show(const std::string& line) {
  const std::string whole = scenario_ + ": " + line;
  if (terminal_.has_escapes) {
    draw(shorten(whole, line_width()));
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (last_sentence_ && now - *last_sentence_ < kPlainLineEvery) return;
  last_sentence_ = now;
  std::fprintf(stderr, "%s\n", whole.c_str());
}

void ProgressDisplay::draw(const std::string& line) {
  std::fprintf(stderr, "%s%s", kClearLine, line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace sim
