// How the diary of a run (events.csv) words what happened.
#pragma once

#include <string>

#include "sim/plan/fault_plan.h"
#include "sim/scenario/scenario.h"

namespace sim {

struct EventWords {
  std::string event, detail;
};

// Of an event as the script has it.
EventWords words_of(const EventAction& action);
// Of what a partition, flapping or chaos did.
EventWords words_of(const HerdSpec& herd, const PlannedFault& fault);
// "Alford - Welsh"
std::string link_words(const HerdSpec& herd, std::uint32_t link);

}  // namespace sim
