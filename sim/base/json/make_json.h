// Makes JSON values, objects and arrays.
#pragma once

#include <jansson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/json/owned_json.h"

namespace sim {

// Returns a string. JSON is UTF-8: bytes that are not are replaced as by to_utf8().
OwnedJson json_text(std::string_view text);
// The same, but null for an empty text.
OwnedJson json_text_or_null(std::string_view text);
OwnedJson json_texts(const std::vector<std::string>& texts);
OwnedJson json_pair(std::string_view first, std::string_view second);
template <class Count>
OwnedJson json_count(Count value) {
  return OwnedJson(json_integer(static_cast<json_int_t>(value)));
}
// Returns a whole number without a point, as a person would write it; JSON's null for none, and for
// what is not finite.
OwnedJson json_figure(std::optional<double> value);
inline OwnedJson json_flag(bool value) { return OwnedJson(json_boolean(value)); }
inline OwnedJson copy_of(const json_t* value) { return OwnedJson(json_deep_copy(value)); }

// Sets a member of an object, in place of the one that it has.
void put(json_t* object, std::string_view key, OwnedJson value);
inline void put(json_t* object, std::string_view key, std::string_view text) {
  put(object, key, json_text(text));
}

// Begins the object that a command prints for programs: the version of its form, and of herdsim.
OwnedJson begin_output_json(int format);

// Appends to an array.
inline void add(json_t* array, OwnedJson value) { json_array_append_new(array, value.release()); }
inline void add(json_t* array, std::string_view text) { add(array, json_text(text)); }

}  // namespace sim
