// One update's flood in words, message by message.
#pragma once

#include <string>
#include <vector>

#include "sim/app/show/shown_run.h"

namespace sim {

// Returns a line for the update, a numbered line for each message, and a line for each server that
// never applied it. Control characters in names and ids appear as \xNN.
std::string flood_text(const ShownHerd& herd, const ShownUpdate& update,
                       const std::vector<ShownMessage>& messages);

// Returns the update in a few words: "update 17 of phone-3, accepted by Alford at 1.250000 s".
std::string update_words(const ShownUpdate& update);

// Returns who missed it and why, as "Ball (cut off), Welsh (lost)"; at most the first ten. Empty if
// no server did, as far as the folder tells.
std::string miss_words(const ShownHerd& herd, const ShownUpdate& update);

}  // namespace sim
