// Text from the network may have any bytes. These functions make it UTF-8, and printable on a
// terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sim {

// Returns true for valid UTF-8 as the Unicode standard defines it: no overlong form, no surrogate,
// nothing above U+10FFFF.
bool valid_utf8(std::string_view text);

// Returns the text with U+FFFD in place of each byte that is not part of a character.
std::string to_utf8(std::string_view text);

// Returns to_utf8() with control characters (such as the end of a line or an escape) as \xNN, for a
// terminal.
std::string printable(std::string_view text);

// Returns the number of columns of UTF-8 text on a terminal, as [format.string.std] of C++20
// estimates it: two for East Asian wide characters and emoji, one for all others.
std::size_t display_width(std::string_view text);

// Returns the text, cut to at most `width` columns. If anything was cut, the last column is "…".
std::string shorten(std::string_view text, std::size_t width);

}  // namespace sim
