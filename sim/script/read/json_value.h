// Borrowed jansson values with their paths.
#pragma once

#include <jansson.h>

#include <string>
#include <string_view>

#include "sim/base/json/parse_json.h"

namespace sim {

// A borrowed value and its path, as `herds.0.propagation`; "" is the whole scenario.
struct JsonNode {
  json_t* json = nullptr;
  std::string path;

  std::string member_path(std::string_view key) const {
    std::string out;
    out.reserve(path.size() + 1 + key.size());
    out += path;
    if (!path.empty()) out += '.';
    out += key;
    return out;
  }
  JsonNode item(std::size_t i) const {
    return {json_array_get(json, i), member_path(std::to_string(i))};
  }
};

}  // namespace sim
