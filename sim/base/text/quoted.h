// Formats text from outside for an error message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sim {

// Returns the text with control characters as \xNN, so that an error stays on its line and cannot
// change the terminal.
std::string without_controls(std::string_view text);

// Return a line of the protocol, in single quotes, and a client's id, for a sentence. Both are
// shown as printable() does, and are cut if they are long.
std::string shown_line(std::string_view line);
std::string shown_id(std::string_view id);

// Returns the text without control characters, and cut at about `longest` bytes, with "..." then.
std::string shortened(std::string_view text, std::size_t longest);

// Returns the bytes in single quotes, with all but printable ASCII as \xNN.
std::string quoted_bytes(std::string_view bytes);

// Returns the text in double quotes, without control characters and shortened if it is long, so
// that the error is one readable line.
std::string quoted(std::string_view text);

}  // namespace sim
