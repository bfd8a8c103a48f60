// Any text as the text of an HTML or XML document.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// Returns the text as HTML shows it: safe between tags and in an attribute in quotes. Bytes that
// are not UTF-8 become U+FFFD, and control characters appear as \xNN.
std::string html_text(std::string_view text);

// Returns the text for XML, between tags. Bytes that are not UTF-8 and characters that XML 1.0 does
// not have become U+FFFD: control characters, U+FFFE and U+FFFF.
std::string xml_text(std::string_view text);

}  // namespace sim
