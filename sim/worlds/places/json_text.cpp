#include "sim/worlds/places/json_text.h"

#include <cstdlib>
#include <memory>

namespace sim {

OwnedJson json_text(std::string_view text) {
  OwnedJson json(json_stringn(text.data(), text.size()));
  if (!json) json.reset(json_string("(text that is not UTF-8)"));
  return json;
}

std::string places_error_body(std::string_view status, std::string_view message) {
  const OwnedJson json(json_pack("{s:[], s:[], s:o, s:o}", "html_attributions", "results", "status",
                                 json_text(status).release(), "error_message",
                                 json_text(message).release()));
  const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(json.get(), 0), &std::free);
  return text.get();
}

bool is_utf8(std::string_view text) {
  return OwnedJson(json_stringn(text.data(), text.size())) != nullptr;
}

}  // namespace sim
