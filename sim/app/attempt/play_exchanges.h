// Holds a server to the table of conversations.
#pragma once

#include <uv.h>

#include <string>

#include "sim/app/attempt/asker.h"
#include "sim/app/attempt/findings.h"

namespace sim {

// Plays every conversation with a server. `asks_whatsat`: the server answers WHATSATs, so that what
// it knows can be asked.
void play_exchanges(const sockaddr_storage& server, const std::string& name, const Asker& asker,
                    bool asks_whatsat, Findings& findings);

}  // namespace sim
