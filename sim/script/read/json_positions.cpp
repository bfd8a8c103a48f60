#include "sim/script/read/json_positions.h"

#include <vector>

#include "sim/script/read/json_value.h"

namespace sim {
namespace {

// A list or an object that the scan is inside.
struct Level {
  bool is_list = false;
  std::size_t next_item = 0;  // of a list
  bool wants_key = false;     // of an object: the next string is a key
  std::size_t path_length;    // of the path to it
};

class Scanner {
 public:
  Scanner(std::string_view text, std::unordered_map<std::string, int>& lines)
      : text_(text), lines_(lines) {}

  void scan() {
    lines_[""] = 1;
    bool first = true;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ':') {
        ++at_;
        continue;
      }
      if (first) lines_[""] = line_;
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
      levels_.push_back({is_list, 0, !is_list, path_.size()});
      ++at_;
    } else if (c == '"') {
      take_string();
    } else {
      // A number or a word ends before any character that can follow it.
      at_ = text_.find_first_of(" \t\r\n,:]}[{\"", at_ + 1);
      if (at_ == std::string_view::npos) at_ = text_.size();
    }
  }

  // The path of a member or item of the innermost level, which begins on this line.
  void enter(const std::string& name) {
    path_.resize(levels_.back().path_length);
    if (!path_.empty()) path_ += '.';
    path_ += name;
    lines_.emplace(path_, line_);
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
  std::unordered_map<std::string, int>& lines_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::string path_;  // of the member or item last entered
  std::vector<Level> levels_;
};

}  // namespace

JsonPositions::JsonPositions(std::string_view text) { Scanner(text, lines_).scan(); }

int JsonPositions::line_of(std::string_view path) const {
  while (true) {
    const auto found = lines_.find(std::string(path));
    if (found != lines_.end()) return found->second;
    const std::size_t dot = path.rfind('.');
    path = dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
  }
}

}  // namespace sim
