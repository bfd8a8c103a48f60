// How the diary of a run (events.csv) words what happened.
#pragma once

#include <string>

#include "sim/measure/metrics/recorder_logs.h"
#include "sim/script/plan/fault_plan.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct EventWords {
  std::string event, detail;
};

// Of an event as the script has it.
EventWords words_of(const EventAction& action);
// Of what a partition, flapping or chaos did.
EventWords words_of(const HerdSpec& herd, const PlannedFault& fault);
// The event of a link that has come to be in a state.
const char* event_name(LinkState state);
// "Alford - Welsh"
std::string link_words(const HerdSpec& herd, std::uint32_t link);

}  // namespace sim
