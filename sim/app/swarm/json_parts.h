// Putting JSON together and taking it apart, as the swarm does all the time.
#pragma once

#include <jansson.h>

#include <cstdint>
#include <string>

#include "sim/base/json/owned_json.h"

namespace sim {

inline json_t* json_of(const std::string& text) { return json_stringn(text.data(), text.size()); }

inline void put(json_t* object, const char* key, OwnedJson value) {
  json_object_set_new(object, key, value.release());
}
inline void put(json_t* object, const char* key, const std::string& text) {
  json_object_set_new(object, key, json_of(text));
}
inline void put_number(json_t* object, const char* key, std::int64_t number) {
  json_object_set_new(object, key, json_integer(number));
}
inline void add(json_t* list, OwnedJson value) { json_array_append_new(list, value.release()); }
inline void add(json_t* list, const std::string& text) {
  json_array_append_new(list, json_of(text));
}
inline OwnedJson json_pair(const std::string& first, const std::string& second) {
  OwnedJson pair(json_array());
  add(pair.get(), first);
  add(pair.get(), second);
  return pair;
}
inline OwnedJson copy_of(const json_t* value) { return OwnedJson(json_deep_copy(value)); }

// A text's bytes; empty where it is none.
inline std::string text_of(const json_t* value) {
  if (!json_is_string(value)) return "";
  return {json_string_value(value), json_string_length(value)};
}

// The value as a person would write it down: two columns a level.
std::string to_text(const json_t* value);

}  // namespace sim
