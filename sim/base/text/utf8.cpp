#include "sim/base/text/utf8.h"

#include <utf8proc.h>

#include <algorithm>

namespace sim {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026
constexpr utf8proc_int32_t kEmojiStyle = 0xFE0F;           // draws the one before it as an emoji

struct Character {
  utf8proc_int32_t code = 0;
  std::size_t length = 0;  // in bytes; 0 if the bytes are no character
};

// Decodes the character at the front of `text`. Precondition: the text is not empty.
Character decode(std::string_view text) {
  Character c;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &c.code);
  if (length > 0) c.length = static_cast<std::size_t>(length);
  return c;
}

bool is_blank(utf8proc_int32_t code) {
  constexpr utf8proc_int32_t kByteOrderMark = 0xFEFF;  // a blank in JavaScript
  const utf8proc_category_t category = utf8proc_category(code);
  return code == kByteOrderMark || category == UTF8PROC_CATEGORY_ZS ||
         category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool is_control(utf8proc_int32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

void append_hex(std::string& out, utf8proc_int32_t code) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\x";
  out += kDigits[static_cast<std::size_t>(code >> 4) & 0xF];
  out += kDigits[static_cast<std::size_t>(code) & 0xF];
}

// Calls `take(code, bytes)` for each character, and with U+FFFD for each byte that is not part of
// one.
template <class Take>
void for_each_character(std::string_view text, Take take) {
  while (!text.empty()) {
    const Character c = decode(text);
    if (c.length == 0) {
      take(utf8proc_int32_t{0xFFFD}, kReplacement);
      text.remove_prefix(1);
    } else {
      take(c.code, text.substr(0, c.length));
      text.remove_prefix(c.length);
    }
  }
}

// A grapheme cluster: people see one character, as a letter with its accents, a flag or a family of
// emoji.
struct Cluster {
  std::string bytes;
  std::size_t width = 0;  // in columns, 2 at most

  void add(utf8proc_int32_t code, std::string_view more) {
    bytes += more;
    const auto columns = code == kEmojiStyle ? 2 : std::max(utf8proc_charwidth(code), 0);
    width = std::min<std::size_t>(width + static_cast<std::size_t>(columns), 2);
  }
};

template <class Take>
void for_each_cluster(std::string_view text, Take take) {
  Cluster cluster;
  utf8proc_int32_t last = 0;
  utf8proc_int32_t state = 0;
  for_each_character(text, [&](utf8proc_int32_t code, std::string_view bytes) {
    if (!cluster.bytes.empty() && utf8proc_grapheme_break_stateful(last, code, &state)) {
      take(cluster);
      cluster = {};
    }
    cluster.add(code, bytes);
    last = code;
  });
  if (!cluster.bytes.empty()) take(cluster);
}

}  // namespace

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const bool is_ascii = static_cast<unsigned char>(text.front()) < 0x80;
    const std::size_t length = is_ascii ? 1 : decode(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  if (valid_utf8(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for_each_character(text, [&](utf8proc_int32_t, std::string_view bytes) { out += bytes; });
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_character(text, [&](utf8proc_int32_t code, std::string_view bytes) {
    if (is_control(code)) {
      append_hex(out, code);
    } else {
      out += bytes;
    }
  });
  return out;
}

std::string with_blanks(std::string_view text, char blank) {
  std::string out;
  for_each_character(printable(text), [&](utf8proc_int32_t code, std::string_view bytes) {
    if (is_blank(code)) {
      out += blank;
    } else {
      out += bytes;
    }
  });
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for_each_cluster(text, [&](const Cluster& cluster) { width += cluster.width; });
  return width;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::string out;
  std::size_t used = 1;  // for the ellipsis
  for_each_cluster(text, [&](const Cluster& cluster) {
    used += cluster.width;
    if (used <= width) out += cluster.bytes;
  });
  out += kEllipsis;
  return out;
}

}  // namespace sim
