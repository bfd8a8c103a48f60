// The long lists of a scenario as text. Each item is parsed when it is read and released behind it:
// the trees of all items together take more than ten times the memory of their text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/json/json_items.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// The lists that may be left as text, keys of the scenario itself.
inline constexpr std::string_view kTextLists[] = {"clients", "events"};

// Where the items of a list are.
struct TextList {
  std::string_view key;  // one of kTextLists
  // The beginning of each item in the text. Item i ends one byte, a comma or the bracket that ends
  // the list, before begins[i + 1]; the last value belongs to no item.
  std::vector<std::uint32_t> begins;
};

// A text whose long lists are empty, and where their items are in the text that it was made of.
struct SplitText {
  std::string rest;
  std::vector<TextList> lists;
};

// Splits the text of a scenario, which is at most 4 GiB. Returns nullopt if it has no such list.
// Looks for quotes and brackets alone: the text is JSON if and only if the rest is, and each item
// is. Of any other text it returns something.
std::optional<SplitText> split_lists(std::string_view text);

// Parses the items of one list.
class TextItems : public JsonItems {
 public:
  // Both must outlive this.
  TextItems(std::string_view text, const TextList& list) : text_(text), list_(list) {}

  std::string_view key() const { return list_.key; }
  std::size_t size() const override { return list_.begins.size() - 1; }
  // Returns null's JSON in place of an item that cannot be read.
  json_t* item(std::size_t i) override;
  // Whether an item could not be read: it is not JSON, has a key twice or is nested too deep.
  bool has_failed() const { return has_failed_; }

 private:
  std::string_view text_;
  const TextList& list_;
  OwnedJson parsed_;
  bool has_failed_ = false;
};

// Returns the items of the list of that key; null if it is not left as text.
JsonItems* find_items(std::vector<TextItems>& lists, std::string_view key);

}  // namespace sim
