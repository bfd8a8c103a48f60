// The floods of a herd without faults.
#pragma once

#include "sim/app/attempt/flood_play.h"

namespace sim {

// Every server is told of a client, and all must hear. No link may carry a report twice, and no
// flood may go on. An older update changes nothing anywhere. If it cannot be seen which server
// knows what, that is a failure: nothing is known of the flood then.
void play_flood_world(FloodPlay& play);

}  // namespace sim
