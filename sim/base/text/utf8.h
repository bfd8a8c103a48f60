// Text from the wire may be any bytes; results are UTF-8, and a terminal shows what is printable.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sim {

// As the Unicode standard defines it: no overlong form, no surrogate, nothing above U+10FFFF.
bool valid_utf8(std::string_view text);

// The text with each byte that belongs to no character replaced by U+FFFD.
std::string to_utf8(std::string_view text);

// For a terminal: to_utf8() with control characters (a line's end, an escape) as \xNN.
std::string printable(std::string_view text);

// How many columns UTF-8 text takes on a terminal, as [format.string.std] of C++20 estimates it:
// two for East Asian wide characters and emoji, one for all else.
std::size_t display_width(std::string_view text);

// The text cut to at most `width` columns, with "…" as its last one where something was cut.
std::string shorten(std::string_view text, std::size_t width);

}  // namespace sim
