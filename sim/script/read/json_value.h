// Borrowed jansson values with their paths.
#pragma once

#include <jansson.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/base/json/json_items.h"
#include "sim/base/json/parse_json.h"

namespace sim {

// A borrowed value and its path, as `herds.0.propagation`; "" is the whole scenario.
struct JsonNode {
  json_t* json = nullptr;
  std::string path;
  // If not null, the items of a list whose value is left empty.
  JsonItems* items = nullptr;

  std::string member_path(std::string_view key) const {
    std::string out;
    out.reserve(path.size() + 1 + key.size());
    out += path;
    if (!path.empty()) out += '.';
    out += key;
    return out;
  }
  // The number of items of a list; 0 if the value is none.
  std::size_t size() const { return items != nullptr ? items->size() : json_array_size(json); }
  // One of them. If the list has `items`, it is valid until the next call.
  JsonNode item(std::size_t i) const {
    return {items != nullptr ? items->item(i) : json_array_get(json, i), item_path(i)};
  }
  std::string item_path(std::size_t i) const { return member_path(std::to_string(i)); }
};

}  // namespace sim
