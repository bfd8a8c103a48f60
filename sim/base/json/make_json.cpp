#include "sim/base/json/make_json.h"

#include <cmath>

#include "sim/base/text/utf8.h"

namespace sim {

OwnedJson json_text(std::string_view text) {
  const std::string utf8 = to_utf8(text);
  return OwnedJson(json_stringn(utf8.data(), utf8.size()));
}

OwnedJson json_text_or_null(std::string_view text) {
  return text.empty() ? OwnedJson(json_null()) : json_text(text);
}

OwnedJson json_texts(const std::vector<std::string>& texts) {
  OwnedJson array(json_array());
  for (const std::string& text : texts) add(array.get(), text);
  return array;
}

OwnedJson json_pair(std::string_view first, std::string_view second) {
  OwnedJson pair(json_array());
  add(pair.get(), first);
  add(pair.get(), second);
  return pair;
}

OwnedJson json_figure(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return OwnedJson(json_null());
  constexpr double kExact = 9007199254740992;  // 2^53: up to here a double holds every integer
  if (std::trunc(*value) == *value && std::abs(*value) <= kExact) return json_count(*value);
  return OwnedJson(json_real(*value));
}

void put(json_t* object, std::string_view key, OwnedJson value) {
  json_object_set_new(object, to_utf8(key).c_str(), value.release());
}

OwnedJson begin_output_json(int format) {
  OwnedJson document(json_object());
  put(document.get(), "format", json_count(format));
  put(document.get(), "version", HERDSIM_VERSION);
  return document;
}

}  // namespace sim
