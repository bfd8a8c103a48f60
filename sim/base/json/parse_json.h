// JSON text into values, and what values hold.
#pragma once

#include <jansson.h>

#include <cstddef>
#include <string_view>

#include "sim/base/json/owned_json.h"

namespace sim {

// Returns the value that `text` holds: an array or an object, or any value with JSON_DECODE_ANY
// among jansson's `flags`. Returns null if it holds none; `error`, if not null, then says why.
inline OwnedJson parse_json(std::string_view text, std::size_t flags = 0,
                            json_error_t* error = nullptr) {
  return OwnedJson(json_loadb(text.data(), text.size(), flags, error));
}

// Returns the bytes of a string; empty if the value is none, or null.
inline std::string_view string_of(const json_t* value) {
  return json_is_string(value)
             ? std::string_view(json_string_value(value), json_string_length(value))
             : std::string_view();
}

}  // namespace sim
