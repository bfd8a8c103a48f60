// The fields of a line, scanned strictly and without copying. Formats: PROTOCOL.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.h"

namespace herd {

// Space, tab, CR, LF, FF, VT: what separates fields. NUL and bytes above 127 do not.
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 1 to 64 of A-Z a-z 0-9 . _ - : a server's or a herd's name.
bool is_name(std::string_view text);

// Digits, or digits, a point and digits, as nanoseconds; decimals beyond nine are ignored.
// nullopt where the form is wrong or the value does not fit 64 signed bits.
std::optional<PosixNs> scan_time(std::string_view text);

// A location's form and ranges; returns where the longitude begins. nullopt where it is wrong.
std::optional<std::size_t> scan_location(std::string_view text);

// A signed difference of seconds: a sign, digits and, optionally, a point and digits.
bool is_skew(std::string_view text);

// Kilometres in (0, 50], compared exactly however many decimals are written.
std::optional<double> scan_radius_km(std::string_view text);

// A whole number in [1, 20], digits only (leading zeros allowed).
std::optional<int> scan_bound(std::string_view text);

}  // namespace herd
