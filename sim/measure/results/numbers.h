// How numbers are written into results: the same on every machine, whatever the locale, and never
// with an exponent.
#pragma once

#include <cstdint>
#include <string>

#include "core/time.h"

namespace sim {

// Microseconds with three decimals, exact: 1'500 ns are "1.500", -1 ns is "-0.001".
void append_micros(std::string& out, herd::Duration value);

// The shortest decimal that reads back as the same double: "0.1", "100", "1.3333333333333333".
// Negative zero is "0". Nothing for infinities and for what is not a number: they are not known.
void append_double(std::string& out, double value);

void append_integer(std::string& out, std::int64_t value);
void append_count(std::string& out, std::uint64_t value);

}  // namespace sim
