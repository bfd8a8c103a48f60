// How numbers are written for programs: in CSV, in JSON and in exact figures within a text. They
// are the same on every machine, whatever its locale, and have no exponent. Figures for people are
// rounded: see sim/measure/results/human.h. Also reads such numbers.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "core/time.h"

namespace sim {

// Appends microseconds with three decimals, exactly: 1'500 ns is "1.500", -1 ns is "-0.001".
void append_micros(std::string& out, herd::Duration value);

// Appends the shortest decimal that reads back as the same double: "0.1", "100",
// "1.3333333333333333". Negative zero is "0". Appends nothing for an infinity or a NaN: such a
// figure is unknown. This is the one rule for reals in every output.
void append_real(std::string& out, double value);
// Returns what append_real() appends.
std::string real_text(double value);

void append_integer(std::string& out, std::int64_t value);
void append_count(std::string& out, std::uint64_t value);

// Reads a whole number: digits, after a minus sign if `Number` has negative numbers. Returns
// nullopt for any other text, and if the number does not fit.
template <std::integral Number>
std::optional<Number> read_whole(std::string_view text, int base = 10) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

// Reads a decimal, which may have a minus sign and an exponent. Returns nullopt for any other text,
// also "inf" and "nan", and if the number does not fit into a double.
std::optional<double> read_real(std::string_view text);

// Reads microseconds with three decimals, from 0 to 2^52. Returns nullopt for any other text.
std::optional<herd::Duration> read_micros(std::string_view text);

}  // namespace sim
