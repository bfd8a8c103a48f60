// How a text from outside is shown in an error.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// Control characters as \xNN: an error must stay on its line and leave the terminal alone.
std::string without_controls(std::string_view text);

// A text of the user's in double quotes, without its control characters and cut where it is long,
// so that an error is one line and can be read.
std::string quoted(std::string_view text);

}  // namespace sim
