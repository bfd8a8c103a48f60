// Text without what surrounds it.
#pragma once

#include <algorithm>
#include <string_view>

namespace sim {

// Returns the text without characters of `space` at either end.
constexpr std::string_view trimmed(std::string_view text, std::string_view space = " \t\r\n") {
  text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
  return text.substr(0, text.find_last_not_of(space) + 1);
}

}  // namespace sim
