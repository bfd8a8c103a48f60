// The faults that the events of a run begin and end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace sim {

// A row of events.csv. An empty herd: the event concerns all herds.
struct RunEvent {
  herd::Duration at{0};
  std::string herd, event, detail;
};

// The time during which a link or a server of a herd was not usable.
struct FaultSpan {
  enum class Kind { kLinkDown, kServerDown, kServerPaused } kind = Kind::kLinkDown;
  std::string who;  // "Alford" or "Alford - Ball"
  herd::Duration from{0};
  std::optional<herd::Duration> to;  // nullopt: it did not end in the run
};

// Returns the faults of a herd, also those of all herds, in the order in which they began.
std::vector<FaultSpan> fault_spans(const std::vector<RunEvent>& events, const std::string& herd);

}  // namespace sim
