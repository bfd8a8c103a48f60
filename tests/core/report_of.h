// Reports in tests, from their AT lines.
#pragma once

#include <string_view>
#include <variant>

#include "core/parse.h"

namespace herd {

// Returns the report of an AT line, with views of it. Precondition: the line is right.
inline RecordView report_of(std::string_view line) {
  return std::get<RecordView>(parse_link_line(line));
}

}  // namespace herd
