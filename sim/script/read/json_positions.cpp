#include "sim/script/read/json_positions.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "sim/script/read/json_value.h"

namespace sim {
namespace {

// A list or an object that the scan is inside.
struct Level {
  bool is_list = false;
  std::size_t next_item = 0;  // of a list
  bool wants_key = false;     // of an object: the next string is a key
  std::uint32_t value = 0;    // in the positions
};

class Scanner {
 public:
  Scanner(std::string_view text, JsonPositions& positions) : text_(text), positions_(positions) {}

  void scan() {
    bool first = true;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ':') {
        ++at_;
        continue;
      }
      if (first) positions_.set_first_line(line_);
      first = false;
      step(c);
    }
  }

 private:
  void step(char c) {
    if (c == '}' || c == ']') {
      if (!levels_.empty()) levels_.pop_back();
      ++at_;
    } else if (c == ',') {
      if (!levels_.empty()) levels_.back().wants_key = !levels_.back().is_list;
      ++at_;
    } else if (c == '"' && !levels_.empty() && levels_.back().wants_key) {
      levels_.back().wants_key = false;
      enter(decode(take_string()));
    } else {
      take_value(c);
    }
  }

  void take_value(char c) {
    if (!levels_.empty() && levels_.back().is_list)
      enter(std::to_string(levels_.back().next_item++));
    if (c == '{' || c == '[') {
      const bool is_list = c == '[';
      levels_.push_back({is_list, 0, !is_list, entered_});
      ++at_;
    } else if (c == '"') {
      take_string();
    } else {
      // A number or a word ends before any character that can follow it.
      at_ = text_.find_first_of(" \t\r\n,:]}[{\"", at_ + 1);
      if (at_ == std::string_view::npos) at_ = text_.size();
    }
  }

  // A member or item of the innermost level, which begins on this line.
  void enter(const std::string& name) {
    entered_ = positions_.add(levels_.back().value, name, line_);
  }

  // Moves past the string that begins here; it is returned with its quotes.
  std::string_view take_string() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = at_ < text_.size() ? at_ + 1 : text_.size();
    return text_.substr(begin, at_ - begin);
  }

  static std::string decode(std::string_view quoted) {
    if (quoted.find('\\') != std::string_view::npos) {
      const OwnedJson value(json_loadb(quoted.data(), quoted.size(), JSON_DECODE_ANY, nullptr));
      if (value != nullptr) return std::string(string_of(value.get()));
    }
    return std::string(quoted.size() < 2 ? "" : quoted.substr(1, quoted.size() - 2));
  }

  std::string_view text_;
  JsonPositions& positions_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::uint32_t entered_ = 0;  // the member or item last entered
  std::vector<Level> levels_;
};

}  // namespace

JsonPositions::JsonPositions(std::string_view text) { Scanner(text, *this).scan(); }

std::uint32_t JsonPositions::add(std::uint32_t parent, std::string_view name, int line) {
  const auto [found, is_new] =
      values_.emplace(Name{parent, std::hash<std::string_view>{}(name)}, lines_.size());
  if (is_new) lines_.push_back(line);
  return found->second;
}

int JsonPositions::line_of(std::string_view path) const {
  // A name may have dots itself, so each dot may be the end of a name.
  constexpr int kMostDots = 50;
  struct Reached {
    std::uint32_t value = 0;
    std::size_t length = 0;  // of the path to it, with the dot behind it
  };
  Reached nearest;
  std::vector<Reached> open = {nearest};
  while (!open.empty()) {
    const Reached from = open.back();
    open.pop_back();
    if (from.length > nearest.length) nearest = from;
    if (from.length > path.size()) break;  // the whole path
    std::size_t end = from.length;
    for (int dot = 0; dot < kMostDots && end < path.size(); ++dot) {
      end = std::min(path.find('.', end), path.size());
      const std::string_view name = path.substr(from.length, end - from.length);
      const auto found = values_.find(Name{from.value, std::hash<std::string_view>{}(name)});
      ++end;
      if (found != values_.end()) open.push_back({found->second, end});
    }
  }
  return lines_[nearest.value];
}

}  // namespace sim
