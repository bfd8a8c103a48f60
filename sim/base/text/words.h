// Words in what other programs print.
#pragma once

#include <algorithm>
#include <string_view>

namespace sim {

// Whether it is so of any word between the separators; looks no further than the first.
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
