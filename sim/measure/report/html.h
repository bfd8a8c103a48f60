// Parts of a page in HTML.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace sim {

// Returns a row of cells of this HTML: `cell` is "td" or "th".
std::string html_row(std::string_view cell, std::initializer_list<std::string> cells);

}  // namespace sim
