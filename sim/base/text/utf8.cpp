#include "sim/base/text/utf8.h"

#include <algorithm>
#include <array>

namespace sim {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026

struct Character {
  char32_t code = 0;
  std::size_t length = 0;  // in bytes; 0 if the bytes are not a character
};

// Decodes the character at the front of `text`. Precondition: the text is not empty.
Character decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t length = 0;
  char32_t code = 0;
  char32_t least = 0;  // the least code that needs this many bytes
  if ((lead & 0xE0) == 0xC0) {
    length = 2, code = lead & 0x1Fu, least = 0x80;
  } else if ((lead & 0xF0) == 0xE0) {
    length = 3, code = lead & 0x0Fu, least = 0x800;
  } else if ((lead & 0xF8) == 0xF0) {
    length = 4, code = lead & 0x07u, least = 0x10000;
  }
  if (length == 0 || text.size() < length) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least || surrogate || code > 0x10FFFF) return {};
  return {code, length};
}

bool is_wide(char32_t code) {
  struct Range {
    char32_t first, last;
  };
  static constexpr std::array kWide = {
      Range{0x1100, 0x115F},   Range{0x2329, 0x232A},   Range{0x2E80, 0x303E},
      Range{0x3040, 0xA4CF},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
      Range{0xFE10, 0xFE19},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
      Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F900, 0x1F9FF},
      Range{0x20000, 0x2FFFD}, Range{0x30000, 0x3FFFD}};
  return std::any_of(kWide.begin(), kWide.end(),
                     [code](Range r) { return code >= r.first && code <= r.last; });
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

void append_hex(std::string& out, char32_t code) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\x";
  out += kDigits[(code >> 4) & 0xF];
  out += kDigits[code & 0xF];
}

// Calls `take(code, bytes)` for each character, and with U+FFFD for each byte that is not part of
// one.
template <class Take>
void for_each_character(std::string_view text, Take take) {
  while (!text.empty()) {
    const Character c = decode(text);
    if (c.length == 0) {
      take(char32_t{0xFFFD}, kReplacement);
      text.remove_prefix(1);
    } else {
      take(c.code, text.substr(0, c.length));
      text.remove_prefix(c.length);
    }
  }
}

}  // namespace

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = decode(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_character(text, [&](char32_t, std::string_view bytes) { out += bytes; });
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_character(text, [&](char32_t code, std::string_view bytes) {
    if (is_control(code)) {
      append_hex(out, code);
    } else {
      out += bytes;
    }
  });
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for_each_character(text,
                     [&](char32_t code, std::string_view) { width += is_wide(code) ? 2 : 1; });
  return width;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::string out;
  std::size_t used = 1;  // for the ellipsis
  bool full = false;
  for_each_character(text, [&](char32_t code, std::string_view bytes) {
    used += is_wide(code) ? 2 : 1;
    full = full || used > width;
    if (!full) out += bytes;
  });
  out += kEllipsis;
  return out;
}

}  // namespace sim
