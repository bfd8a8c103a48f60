// Text into HTML.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace sim {

// Returns the text as HTML shows it: safe between tags and in an attribute in double quotes. Bytes
// that are not UTF-8 become U+FFFD, and control characters appear as \xNN.
std::string html_text(std::string_view text);

// Returns a row of cells of this HTML: `cell` is "td" or "th".
std::string html_row(std::string_view cell, std::initializer_list<std::string> cells);

}  // namespace sim
