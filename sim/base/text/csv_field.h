// Writes a text as a field of CSV.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// As RFC 4180 has it: in quotes where it needs them, and quotes inside doubled. In UTF-8: bytes
// that are none become U+FFFD.
void append_csv_field(std::string& out, std::string_view value);

}  // namespace sim
