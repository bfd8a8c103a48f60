#include "sim/base/text/quoted.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text/utf8.h"

namespace sim {
namespace {

// Returns the largest size, at most `most`, at which a cut is not within a UTF-8 character.
// Precondition: most < text.size().
std::size_t end_of_last_character(std::string_view text, std::size_t most) {
  constexpr std::size_t kMostFollowing = 3;  // bytes of a character after its first
  for (std::size_t back = 0; back <= std::min(kMostFollowing, most); ++back) {
    if ((static_cast<unsigned char>(text[most - back]) & 0xc0) != 0x80) return most - back;
  }
  return most;
}

// Returns at most `most` bytes of the text as `show` shows them, and "..." if that is not all.
template <class Show>
std::string cut(std::string_view text, std::size_t most, Show show) {
  if (text.size() <= most) return show(text);
  return show(text.substr(0, end_of_last_character(text, most))) + "...";
}

}  // namespace

std::string without_controls(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string shown_line(std::string_view line) {
  constexpr std::size_t kLongest = 200;
  return "'" + cut(line, kLongest, printable) + "'";
}

std::string shown_id(std::string_view id) {
  constexpr std::size_t kLongest = 80;
  return cut(id, kLongest, printable);
}

std::string shortened(std::string_view text, std::size_t longest) {
  return cut(text, longest, without_controls);
}

std::string quoted_bytes(std::string_view bytes) {
  std::string out = "'";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte > 0x7e ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
  }
  return out + "'";
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  return '"' + shortened(text, kLongest) + '"';
}

}  // namespace sim
