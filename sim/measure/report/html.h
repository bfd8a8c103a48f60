// Parts of a page in HTML.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace sim {

// Returns a page's beginning, up to the end of its head. `title` is HTML. The page may use nothing
// but this style and, if it is not empty, this script.
std::string html_head(std::string_view title, std::string_view style, std::string_view script = {});

// Returns a row of cells of this HTML: `cell` is "td" or "th".
std::string html_row(std::string_view cell, std::initializer_list<std::string> cells);

}  // namespace sim
