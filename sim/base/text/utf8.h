// Turns text from the wire, which may be any bytes, into UTF-8 for files and into text that is safe
// and aligned on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sim {

// Whether text is UTF-8 as the Unicode standard defines it: no overlong form, no surrogate, nothing
// above U+10FFFF.
bool valid_utf8(std::string_view text);

// Returns the text with U+FFFD in place of each byte that belongs to no character.
std::string to_utf8(std::string_view text);

// Returns what to_utf8() does, with control characters (newlines, escapes) written as \xNN.
std::string printable(std::string_view text);

// Returns what printable() does, with `blank` in place of each space and separator of Unicode:
// no-break spaces, line separators …
std::string with_blanks(std::string_view text, char blank);

// Returns the number of columns that text takes on a terminal. Each grapheme cluster takes the sum
// of the widths of its characters, but two at most: two for East Asian wide characters, emoji,
// flags and sequences of emoji, one for a letter with combining marks. Control characters take
// none.
std::size_t display_width(std::string_view text);

// Returns the text, or if it is wider than `width` columns, as many of its first grapheme clusters
// as fit in front of a "…".
std::string shorten(std::string_view text, std::size_t width);

}  // namespace sim
