#include "sim/app/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace sim {
namespace {

// Returns an empty text for a variable that is not set.
std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

Terminal terminal_of(int descriptor) {
  Terminal terminal;
  terminal.is_terminal = isatty(descriptor) == 1;
  if (!terminal.is_terminal) return terminal;
  const std::string_view kind = variable("TERM");
  terminal.has_escapes = !kind.empty() && kind != "dumb";
  terminal.has_colours = terminal.has_escapes && variable("NO_COLOR").empty();
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) terminal.columns = size.ws_col;
  return terminal;
}

Screen screen_of_output() {
  const Terminal terminal = terminal_of(STDOUT_FILENO);
  Screen screen;
  screen.has_colours = terminal.has_colours;
  if (terminal.is_terminal) {
    // A table in fewer columns than this would have a line per word.
    screen.columns = std::clamp(terminal.columns, kNarrowestTable, kTableWidth);
  }
  return screen;
}

}  // namespace sim
