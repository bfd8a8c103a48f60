// Writes text as a field of CSV.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// Appends `value` as RFC 4180 defines it: in quotes if needed, with the quotes inside doubled.
// Replaces bytes that are not UTF-8 by U+FFFD.
void append_csv_field(std::string& out, std::string_view value);

}  // namespace sim
