#include "sim/worlds/places/key_censor.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace sim {
namespace {

constexpr std::size_t kShortKey = 8;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A character that is written as an escape, and the number of bytes of the escape.
struct Escaped {
  char value = 0;
  std::size_t size = 0;
};

// Reads `count` hexadecimal digits behind the first `skipped` bytes.
std::optional<Escaped> hex_at(std::string_view text, std::size_t skipped, std::size_t count) {
  if (text.size() < skipped + count) return std::nullopt;
  int value = 0;
  for (std::size_t i = skipped; i < skipped + count; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return std::nullopt;
    value = 16 * value + digit;
  }
  if (value > 0xff) return std::nullopt;
  return Escaped{static_cast<char>(value), skipped + count};
}

// How far an escape is looked at, so that a text of nothing but backslashes is not slow.
constexpr std::size_t kLongestEscape = 40;

// %41, %2541, …
std::optional<Escaped> url_escape(std::string_view text) {
  text = text.substr(0, kLongestEscape);
  std::size_t skipped = 1;
  while (text.substr(skipped, 2) == "25") {
    if (const auto found = hex_at(text, skipped + 2, 2)) {
      skipped += 2;
    } else {
      break;
    }
  }
  return hex_at(text, skipped, 2);
}

// \u0041, \x41, \/, however many backslashes there are.
std::optional<Escaped> backslash_escape(std::string_view text) {
  text = text.substr(0, kLongestEscape);
  const std::size_t behind = text.find_first_not_of('\\');
  if (behind == text.npos) return std::nullopt;
  if (text[behind] == 'u') {
    if (const auto found = hex_at(text, behind + 1, 4)) return found;
  }
  if (text[behind] == 'x') {
    if (const auto found = hex_at(text, behind + 1, 2)) return found;
  }
  return Escaped{text[behind], behind + 1};
}

// &#65; &#x41; &amp;
std::optional<Escaped> html_escape(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kNames = {
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  for (const auto& [name, value] : kNames) {
    if (text.starts_with(name)) return Escaped{value, name.size()};
  }
  if (!text.starts_with("&#")) return std::nullopt;
  const bool is_hex = text.size() > 2 && lower(text[2]) == 'x';
  const int base = is_hex ? 16 : 10;
  int value = 0;
  for (std::size_t at = is_hex ? 3 : 2; at < text.size() && at < 12; ++at) {
    if (text[at] == ';') return Escaped{static_cast<char>(value), at + 1};
    const int digit = hex_value(text[at]);
    if (digit < 0 || digit >= base) return std::nullopt;
    value = std::min(base * value + digit, 0xff'ffff);
  }
  return std::nullopt;
}

std::optional<Escaped> escape_at(std::string_view text) {
  if (text.front() == '%') return url_escape(text);
  if (text.front() == '\\') return backslash_escape(text);
  if (text.front() == '&') return html_escape(text);
  return std::nullopt;
}

// Returns whether the text begins with the key, each character of it as it is or escaped.
bool begins_with_key(std::string_view text, std::string_view key) {
  while (!key.empty()) {
    if (text.empty()) return false;
    const char wanted = lower(key.front());
    const bool is_same = lower(text.front()) == wanted || (wanted == ' ' && text.front() == '+');
    const auto escaped = escape_at(text);
    if (escaped && lower(escaped->value) == wanted) {
      // A backslash or an ampersand may also stand for itself.
      if (is_same && begins_with_key(text.substr(1), key.substr(1))) return true;
      text.remove_prefix(escaped->size);
    } else if (is_same) {
      text.remove_prefix(1);
    } else {
      return false;
    }
    key.remove_prefix(1);
  }
  return true;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char low = lower(c);
    const bool plain = (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// Returns the characters of base64 that do not depend on what stands around `text` if `before`
// bytes stand before it in its group of three.
std::string inner_base64(std::string_view text, std::size_t before) {
  const std::string padded = std::string(before, '\0').append(text);
  std::string out(sodium_base64_encoded_len(padded.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(padded.data()),
                    padded.size(), sodium_base64_VARIANT_ORIGINAL);
  const std::size_t first = before == 0 ? 0 : before + 1;
  const std::size_t end = padded.size() * 8 / 6;
  return out.substr(first, end - first);
}

// Writes base64 of either alphabet in one way, whatever line breaks and escapes are in it.
std::string plain_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto escaped = escape_at(text);
    char c = escaped ? escaped->value : text.front();
    text.remove_prefix(escaped ? escaped->size : 1);
    if (c == '-') c = '+';
    if (c == '_') c = '/';
    if (c != '\n' && c != '\r') out += c;
  }
  return out;
}

std::string hex(std::string_view text) {
  std::string out;
  for (const char c : text) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

bool repeats_key(std::string_view text, std::string_view key) {
  if (key.empty()) return false;
  if (key.size() < kShortKey) return text.find(key) != text.npos;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (begins_with_key(text.substr(at), key)) return true;
  }
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  const std::string base64 = plain_base64(text);
  for (const std::string& form : {std::string(key), percent_encoded(key)}) {
    if (lowered.find(hex(form)) != lowered.npos) return true;
    for (const std::size_t before : {0U, 1U, 2U}) {
      if (base64.find(inner_base64(form, before)) != base64.npos) return true;
    }
  }
  return false;
}

}  // namespace sim
