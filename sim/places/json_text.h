// Small things about JSON that several parts of Places need.
#pragma once

#include <jansson.h>

#include <memory>
#include <string>
#include <string_view>

namespace sim {

struct JsonDeleter {
  void operator()(json_t* json) const { json_decref(json); }
};
using JsonPtr = std::unique_ptr<json_t, JsonDeleter>;

// `text` as a JSON string; where it is not UTF-8, a string that says so.
JsonPtr json_text(std::string_view text);

// A Nearby Search answer without results: how every failure looks to who asked. One line.
std::string places_error_body(std::string_view status, std::string_view message);

bool is_utf8(std::string_view text);

}  // namespace sim
