// The lines of a dialect.
#pragma once

#include <string_view>

#include "core/line_fields.h"
#include "sim/script/spec/engine_spec.h"

namespace sim {

// Returns the bytes that end a line; none for LineEnding::kNone.
constexpr std::string_view ending_of(LineEnding ending) {
  switch (ending) {
    case LineEnding::kLf:
      return "\n";
    case LineEnding::kCrLf:
      return "\r\n";
    case LineEnding::kNone:
      break;
  }
  return "";
}

// Returns true if the line is a WHATSAT, right or wrong.
inline bool asks_for_places(std::string_view line) {
  return herd::LineFields(line).next() == "WHATSAT";
}

}  // namespace sim
