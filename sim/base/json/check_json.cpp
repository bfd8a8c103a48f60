#include "sim/base/json/check_json.h"

#include <algorithm>
#include <cstdint>

#include "sim/base/text/utf8.h"

namespace sim {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Reads a text from its front. Functions that take something return false at another byte, and
// at() is then that byte.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }

  // Without recursion: the depth is the writer's to choose.
  bool take_document() {
    std::string open;  // the brackets of the arrays and objects around here
    for (bool wants_value = true; wants_value || !open.empty();) {
      skip_space();
      if (wants_value) {
        if (!take_begin_or_scalar(open, wants_value)) return false;
      } else if (peek() == ',') {
        ++at_;
        if (open.back() == '{' && !take_name()) return false;
        wants_value = true;
      } else if (peek() == (open.back() == '{' ? '}' : ']')) {
        ++at_;
        open.pop_back();
      } else {
        return false;
      }
    }
    skip_space();
    return at_ == text_.size();
  }

 private:
  // NUL past the end; a NUL in the text is nowhere valid, so that the two need no distinction.
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void skip_space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }

  // Takes a value that has no parts, or the beginning of one that has, up to its first value.
  bool take_begin_or_scalar(std::string& open, bool& wants_value) {
    const char c = peek();
    wants_value = false;
    if (c == '"') return take_string();
    if (c == '-' || is_digit(c)) return take_number();
    if (c != '{' && c != '[') return take_word("true") || take_word("false") || take_word("null");
    ++at_;
    skip_space();
    if (peek() == (c == '{' ? '}' : ']')) {
      ++at_;
      return true;
    }
    open += c;
    wants_value = true;
    return c == '[' || take_name();
  }

  // The name of a member and its colon.
  bool take_name() {
    skip_space();
    if (peek() != '"' || !take_string()) return false;
    skip_space();
    if (peek() != ':') return false;
    ++at_;
    return true;
  }

  bool take_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool take_string() {
    for (++at_;; ++at_) {
      const auto c = static_cast<unsigned char>(peek());
      if (c < 0x20) return false;
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c == '\\' && !take_escape()) return false;
    }
  }

  // Stops at the last byte of the escape.
  bool take_escape() {
    constexpr std::string_view kOthers = "\"\\/bfnrt";
    ++at_;
    if (peek() != 'u') return kOthers.find(peek()) != std::string_view::npos;
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (!is_hex(peek())) return false;
    }
    return true;
  }

  bool take_number() {
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else if (!take_digits()) {
      return false;
    }
    if (peek() == '.') {
      ++at_;
      if (!take_digits()) return false;
    }
    if (peek() != 'e' && peek() != 'E') return true;
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    return take_digits();
  }

  bool take_digits() {
    if (!is_digit(peek())) return false;
    while (is_digit(peek())) ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

JsonFault position_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
          at - line_start + 1};
}

// Reads the four digits of \uXXXX at `at`; 0 if they are not there.
std::uint32_t hex4(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return 0;
  std::uint32_t value = 0;
  for (const char c : text.substr(at + 2, 4)) {
    const auto digit = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  return value;
}

bool is_high(std::uint32_t code) { return code >= 0xD800 && code < 0xDC00; }
bool is_low(std::uint32_t code) { return code >= 0xDC00 && code < 0xE000; }

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  const auto more = [&](int shift) { byte(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    more(0);
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    more(6);
    more(0);
  } else {
    byte(0xF0 | (code >> 18));
    more(12);
    more(6);
    more(0);
  }
}

}  // namespace

std::optional<JsonFault> find_json_fault(std::string_view text) {
  Checker checker(text);
  const bool is_json = checker.take_document();
  if (is_json && valid_utf8(text)) return std::nullopt;
  if (!is_json) return position_of(text, checker.at());
  std::size_t good = 0;  // bytes of whole characters
  for (std::size_t size = 1; good < text.size(); size = 1) {
    while (size <= 4 && !valid_utf8(text.substr(good, size))) ++size;
    if (size > 4) break;
    good += size;
  }
  return position_of(text, good);
}

std::string json_string_text(std::string_view quoted) {
  std::string out;
  if (quoted.size() < 2) return out;
  const std::string_view text = quoted.substr(1, quoted.size() - 2);
  constexpr std::string_view kLetters = "bfnrt";
  constexpr std::string_view kMeant = "\b\f\n\r\t";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    if (text[i + 1] != 'u') {
      const std::size_t letter = kLetters.find(text[++i]);
      out += letter == std::string_view::npos ? text[i] : kMeant[letter];
      continue;
    }
    std::uint32_t code = hex4(text, i);
    i += 5;
    if (is_high(code) && is_low(hex4(text, i + 1))) {
      code = 0x10000 + ((code - 0xD800) << 10) + (hex4(text, i + 1) - 0xDC00);
      i += 6;
    }
    append_utf8(out, is_high(code) || is_low(code) ? 0xFFFD : code);
  }
  return out;
}

}  // namespace sim
