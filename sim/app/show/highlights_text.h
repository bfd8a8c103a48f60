// What stands out in a run: the slowest update, the most wasteful one, those never covered.
#pragma once

#include <string>

#include "sim/app/show/shown_run.h"

namespace sim {

// Returns a few lines for the herd, with the numbers of updates whose floods can be shown.
std::string highlights_text(const ShownHerd& herd);

// Returns the numbers of the updates that have rows in messages.csv, as "0, 2, 4 and 97 more".
std::string logged_words(const ShownHerd& herd);

}  // namespace sim
