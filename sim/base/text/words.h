// Finds words in the output of other programs.
#pragma once

#include <algorithm>
#include <string_view>

namespace sim {

// Returns true if `is_it` is true for any word between the separators. Stops at the first such
// word.
template <class IsIt>
bool any_word(std::string_view text, std::string_view separators, IsIt is_it) {
  for (std::size_t from = 0; (from = text.find_first_not_of(separators, from)) != text.npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, from), text.size());
    if (is_it(text.substr(from, end - from))) return true;
    from = end;
  }
  return false;
}

}  // namespace sim
