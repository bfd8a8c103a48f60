// Holds a server to the table of conversations.
#pragma once

#include <optional>
#include <string>

#include "sim/app/attempt/asker.h"
#include "sim/app/attempt/findings.h"
#include "sim/app/attempt/tried_herd.h"

namespace sim {

// Plays every conversation with the herd's first server. `asks_whatsat`: it answers WHATSATs, so
// that what it knows can be asked. If it listens no more, stops and returns what was sent last, for
// a person.
std::optional<std::string> play_exchanges(const TriedHerd& herd, const Asker& asker,
                                          bool asks_whatsat, Findings& findings);

}  // namespace sim
