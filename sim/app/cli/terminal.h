// The terminal, if any, that standard output or standard error is connected to.
#pragma once

#include <cstddef>

#include "sim/measure/results/text_columns.h"

namespace sim {

struct Terminal {
  bool is_terminal = false;
  // Whether it understands escape sequences. Not if the variable TERM is not set, empty, or "dumb".
  bool has_escapes = false;
  // Whether to use colours: it has escapes, and NO_COLOR (no-color.org) is not set, or empty.
  bool has_colours = false;
  std::size_t columns = 80;  // its width; 80 if it does not tell
};

// Looks at a descriptor, for example STDERR_FILENO, and at the environment.
Terminal terminal_of(int descriptor);

// Returns how tables are to be shown on standard output.
Screen screen_of_output();

}  // namespace sim
