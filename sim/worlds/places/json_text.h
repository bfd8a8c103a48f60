// Small things about JSON that several parts of Places need.
#pragma once

#include <string>
#include <string_view>

#include "sim/base/json/owned_json.h"

namespace sim {

// `text` as a JSON string; where it is not UTF-8, a string that says so.
OwnedJson json_text(std::string_view text);

// A Nearby Search answer without results: how every failure looks to who asked. One line.
std::string places_error_body(std::string_view status, std::string_view message);

bool is_utf8(std::string_view text);

}  // namespace sim
