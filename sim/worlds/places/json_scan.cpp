#include "sim/worlds/places/json_scan.h"

#include <algorithm>

#include "sim/base/json/check_json.h"

namespace sim {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// A place in a text; past the end it reads NUL.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool done() const { return at_ >= text_.size(); }
  void step() { ++at_; }
  void skip_space() {
    while (!done() && is_space(peek())) step();
  }
  // Takes `c` and the white space around it; false, and nothing but space taken, at another byte.
  bool take(char c) {
    skip_space();
    if (peek() != c) return false;
    step();
    skip_space();
    return true;
  }

  TextRange skip_string() {
    const std::size_t begin = at_;
    for (step(); !done() && peek() != '"'; step()) {
      if (peek() == '\\') step();
    }
    step();
    return {begin, std::min(at_, text_.size())};
  }

  // Without recursion: the depth is the provider's to choose.
  TextRange skip_value() {
    const std::size_t begin = at_;
    std::size_t depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        skip_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      step();
      if (depth == 0 && c != '}' && c != ']') skip_scalar();
    } while (depth > 0 && !done());
    return {begin, std::min(at_, text_.size())};
  }

 private:
  // The rest of a number, true, false or null.
  void skip_scalar() {
    while (!done() && !is_space(peek()) && peek() != ',' && peek() != '}' && peek() != ']') step();
  }

  std::string_view text_;
  std::size_t at_;
};

}  // namespace

std::vector<JsonMember> json_members(std::string_view text, std::size_t from) {
  std::vector<JsonMember> members;
  Cursor cursor(text, from);
  if (!cursor.take('{')) return members;
  while (cursor.peek() == '"') {
    const TextRange name = cursor.skip_string();
    if (name.end - name.begin < 2 || !cursor.take(':') || cursor.done()) break;
    const TextRange value = cursor.skip_value();
    members.push_back({json_string_text(name.in(text)), value});
    if (!cursor.take(',')) break;
  }
  return members;
}

const JsonMember* find_member(const std::vector<JsonMember>& members, std::string_view name) {
  const auto found = std::find_if(members.rbegin(), members.rend(),
                                  [&](const JsonMember& member) { return member.name == name; });
  return found == members.rend() ? nullptr : &*found;
}

std::vector<TextRange> json_elements(std::string_view text, std::size_t from) {
  std::vector<TextRange> elements;
  Cursor cursor(text, from);
  if (!cursor.take('[')) return elements;
  while (!cursor.done() && cursor.peek() != ']') {
    elements.push_back(cursor.skip_value());
    if (!cursor.take(',')) break;
  }
  return elements;
}

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace sim
