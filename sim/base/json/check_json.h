// Checks the grammar of JSON (RFC 8259) without making values of it. So it accepts valid texts that
// a parser with values of its own refuses: a name twice in one object, half of a surrogate pair,
// numbers beyond a double, NUL in names, any depth.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

struct JsonFault {
  std::size_t line = 1;    // from 1
  std::size_t column = 1;  // from 1, in bytes
};

// Returns nullopt if `text` is one JSON value in UTF-8, else the position of the first byte that
// cannot be.
std::optional<JsonFault> find_json_fault(std::string_view text);

// Returns the text of a valid JSON string, which has its quotes. Half of a surrogate pair becomes
// U+FFFD.
std::string json_string_text(std::string_view quoted);

}  // namespace sim
