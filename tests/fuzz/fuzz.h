// What every fuzz target shares: its entry, its complaints, and its input as lines of a script.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace herd::fuzz {

// Each target defines this. It must end for every input, and leave nothing behind. It calls
// require() for what must be true.
void one_input(std::string_view input);

// Ends the process with a message if `holds` is false; libFuzzer then keeps the input.
inline void require(bool holds, std::string_view what, std::string_view about = "") {
  if (holds) return;
  std::fprintf(stderr, "not held: %.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(about.size()), about.data());
  std::abort();
}

// Ends the process with both texts unless they are equal.
inline void require_equal(std::string_view found, std::string_view expected,
                          std::string_view what) {
  if (found == expected) return;
  require(false, what, "found:\n" + std::string(found) + "\nexpected:\n" + std::string(expected));
}

// Removes the first line from `text` and returns it without its LF.
inline std::string_view take_line_of(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// The words of one line of a script. A number that is missing or wrong is 0.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  std::string_view next() {
    const std::size_t begin = rest_.find_first_not_of(' ');
    if (begin == std::string_view::npos) return rest_ = {};
    const std::size_t end = std::min(rest_.find(' ', begin), rest_.size());
    const std::string_view word = rest_.substr(begin, end - begin);
    rest_.remove_prefix(end);
    return word;
  }
  // Returns a number below `limit`, which must be greater than 0.
  std::uint32_t below(std::uint32_t limit) {
    std::uint32_t value = 0;
    for (const char c : next()) {
      if (c < '0' || c > '9') break;
      value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return value % limit;
  }
  // Returns the text after the last word, without the space before it.
  std::string_view rest() const { return rest_.substr(rest_.starts_with(' ') ? 1 : 0); }

 private:
  std::string_view rest_;
};

}  // namespace herd::fuzz
