#include "sim/script/read/text_lists.h"

#include <algorithm>
#include <iterator>

#include "sim/base/json/parse_json.h"
#include "sim/script/read/nesting.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kJsonSpace = " \t\r\n";
static_assert(kMaxScenarioBytes < UINT32_MAX, "positions in a text have 32 bits");

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::optional<SplitText> split() {
    at_ = text_.find_first_not_of(kJsonSpace);
    if (at_ == std::string_view::npos || text_[at_] != '{') return std::nullopt;
    ++at_;
    while (take_member()) {
    }
    if (split_.lists.empty()) return std::nullopt;
    split_.rest += text_.substr(copied_);
    return std::move(split_);
  }

 private:
  // Moves past a member of the scenario and the comma behind it. Returns false at the last one.
  bool take_member() {
    skip_space();
    if (peek() != '"') return false;
    const std::size_t begin = at_;
    skip_string();
    const std::string_view quoted = text_.substr(begin, at_ - begin);
    skip_space();
    if (peek() != ':') return false;
    ++at_;
    skip_space();
    const auto* const key =
        std::find_if(std::begin(kTextLists), std::end(kTextLists), [&](std::string_view each) {
          return quoted.size() == each.size() + 2 && quoted.substr(1, each.size()) == each;
        });
    if (peek() == '[' && key != std::end(kTextLists)) take_list(*key);
    skip_value();
    if (peek() != ',') return false;
    ++at_;
    return true;
  }

  // Leaves the items of a list out of the rest, and moves past the bracket that ends it.
  void take_list(std::string_view key) {
    const std::size_t inside = ++at_;
    skip_space();
    if (peek() == ']') {
      ++at_;
      return;
    }
    TextList list{key, {}};
    list.begins.push_back(static_cast<std::uint32_t>(inside));
    for (;;) {
      skip_value();
      list.begins.push_back(static_cast<std::uint32_t>(at_ + 1));
      if (peek() != ',') break;
      ++at_;
    }
    if (peek() != ']') return;
    split_.rest += text_.substr(copied_, inside - copied_);
    copied_ = at_++;
    split_.lists.push_back(std::move(list));
  }

  // Moves to the comma or bracket that ends a value, or to the end of the text.
  void skip_value() {
    for (std::size_t depth = 0; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        skip_string();
        --at_;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        if (depth == 0) return;
        --depth;
      } else if (c == ',' && depth == 0) {
        return;
      }
    }
  }

  void skip_string() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
  }

  void skip_space() { at_ = std::min(text_.find_first_not_of(kJsonSpace, at_), text_.size()); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t copied_ = 0;  // into the rest, or left out of it
  SplitText split_;
};

}  // namespace

std::optional<SplitText> split_lists(std::string_view text) { return Splitter(text).split(); }

json_t* TextItems::item(std::size_t i) {
  constexpr std::size_t kAround = 2;  // the scenario and the list
  const std::size_t begin = list_.begins[i];
  const std::string_view text = text_.substr(begin, list_.begins[i + 1] - 1 - begin);
  parsed_ = parse_json(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY);
  if (parsed_ == nullptr || !is_flat(parsed_.get(), kMaxNesting - kAround)) {
    has_failed_ = true;
    parsed_.reset(json_null());
  }
  return parsed_.get();
}

JsonItems* find_items(std::vector<TextItems>& lists, std::string_view key) {
  const auto found = std::find_if(lists.begin(), lists.end(),
                                  [&](const TextItems& each) { return each.key() == key; });
  return found == lists.end() ? nullptr : &*found;
}

}  // namespace sim
