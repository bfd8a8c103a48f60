// Finds out a herd's habits by trying.
#pragma once

#include <uv.h>

#include "sim/app/attempt/habits.h"

namespace sim {

// Talks to a server until it is known how its lines end, how many commands a connection carries,
// and how its answers end. `links` is only passed on.
Habits find_habits(const sockaddr_storage& server, LinkUse links);

}  // namespace sim
