// The words of events.csv: what happened, and to what.
#pragma once

#include <string>

#include "sim/measure/metrics/recorder_logs.h"
#include "sim/script/spec/fault.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct EventWords {
  std::string event, detail;
};

// Returns the words of an event of the script.
EventWords words_of(const EventAction& action);
// Returns the words of one fault that a compound event made.
EventWords words_of(const HerdSpec& herd, const Fault& fault);
// Return the words of what servers reported of themselves.
EventWords words_of(const HerdSpec& herd, const LinkChange& change);
EventWords words_of(const HerdSpec& herd, const MapChange& change);
EventWords words_of(const HerdSpec& herd, const TreeChange& change);
// Returns the link or the server that a fault is done to; empty if it is neither.
std::string target_words(const HerdSpec& herd, const Fault& fault);

}  // namespace sim
