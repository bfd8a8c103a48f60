// Strict scanners for the fields of a line. They copy nothing. PROTOCOL.md defines the formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.h"

namespace herd {

// Returns true for the separators of fields: space, tab, CR, LF, FF and VT. NUL and bytes above 127
// are no separators.
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Removes the text before the first `mark`, and the mark, from `text`. Returns that text. Takes all
// of it if no mark is found.
std::string_view take_until(std::string_view& text, char mark);

// Returns true if `text` is the name of a server or a herd: 1 to 64 of A-Z a-z 0-9 . _ - .
bool is_name(std::string_view text);

// Reads a time in seconds (digits, or digits, a point and digits) and returns nanoseconds. Ignores
// decimals after the ninth. Returns nullopt if the form is wrong or the value does not fit into 64
// signed bits.
std::optional<PosixNs> scan_time(std::string_view text);

// Checks the form and the ranges of a location. Returns the offset at which the longitude begins,
// or nullopt if the location is wrong.
std::optional<std::size_t> scan_location(std::string_view text);

// Returns true for a signed difference in seconds: a sign, digits and, optionally, a point and
// digits.
bool is_skew(std::string_view text);

// Reads a radius in kilometres. Returns nullopt if it is not in (0, 50]. The comparison is exact
// for any number of decimals.
std::optional<double> scan_radius_km(std::string_view text);

// Reads a whole number in [1, 20]. Only digits are valid; leading zeros are allowed. Returns
// nullopt for anything else.
std::optional<int> scan_bound(std::string_view text);

}  // namespace herd
