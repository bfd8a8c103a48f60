// Commands that serve until they are told to stop.
#pragma once

#include "sim/io/io_loop.h"

namespace sim {

// Runs the loop until SIGINT, SIGTERM or SIGHUP.
void run_until_signalled(IoLoop& loop);

}  // namespace sim
