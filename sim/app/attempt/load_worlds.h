// Worlds with load, which a scenario plays on a herd: a burst at one server, and 500 clients.
#pragma once

#include <optional>

#include "sim/app/attempt/attempt_error.h"
#include "sim/app/attempt/findings.h"
#include "sim/app/attempt/habits.h"
#include "sim/app/attempt/tried_command.h"

namespace sim {

// Plays the worlds one after the other, each on a new herd, under the checker of every run. Returns
// an error if one cannot be run, or if a signal ended it.
std::optional<AttemptError> play_load_worlds(const TriedCommand& command, const Habits& habits,
                                             Findings& findings);

}  // namespace sim
