// Reads the events that happen to links and servers.
#pragma once

#include "sim/script/read/event_reader.h"
#include "sim/script/spec/events.h"

namespace sim {

// Each reads its own keys. With problems it is read as far as it goes.
LinkDownEvent read_link_down(const EventReader& reader);
LinkUpEvent read_link_up(const EventReader& reader);
PartitionEvent read_partition(const EventReader& reader);
SetLinkEvent read_set_link(const EventReader& reader);
FlapEvent read_flap(const EventReader& reader);
ChaosEvent read_chaos(const EventReader& reader);

}  // namespace sim
