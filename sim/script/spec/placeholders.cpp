#include "sim/script/spec/placeholders.h"

#include <algorithm>

namespace sim {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// Splits `text` into plain text and placeholders, and calls `text_piece` or `placeholder` for each
// piece, in order.
template <class TextPiece, class OnPlaceholder>
void walk(std::string_view text, TextPiece text_piece, OnPlaceholder placeholder) {
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t open = text.find('{', from);
    const std::size_t close = open == text.npos ? open : text.find('}', open);
    if (close == text.npos) break;
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    const std::size_t colon = std::min(inside.find(':'), inside.size());
    if (!is_word(inside.substr(0, colon))) {
      text_piece(text.substr(from, open + 1 - from));
      from = open + 1;
      continue;
    }
    text_piece(text.substr(from, open - from));
    const std::size_t argument = std::min(colon + 1, inside.size());
    placeholder(Placeholder{inside.substr(0, colon), inside.substr(argument)});
    from = close + 1;
  }
  text_piece(text.substr(from));
}

}  // namespace

std::vector<Placeholder> placeholders_in(std::string_view text) {
  std::vector<Placeholder> found;
  walk(
      text, [](std::string_view) {}, [&](const Placeholder& each) { found.push_back(each); });
  return found;
}

std::string fill_in(std::string_view text,
                    const std::function<std::string(const Placeholder&)>& value_of) {
  std::string out;
  walk(
      text, [&](std::string_view piece) { out += piece; },
      [&](const Placeholder& each) { out += value_of(each); });
  return out;
}

}  // namespace sim
