// The faults of the shipped worlds, played on a herd: a link drops, the herd is parted, a server
// dies and comes back.
#pragma once

#include "sim/app/attempt/flood_play.h"

namespace sim {

// Each needs a herd at rest, and leaves it with its links restored.
// Precondition: links run through herdsim.
void play_link_drop(FloodPlay& play);
void play_partition(FloodPlay& play);
// Precondition: every server has a process of its own.
void play_restart(FloodPlay& play);

}  // namespace sim
