// Quantities with units, as scenario files write them: a decimal number of at most nine decimals,
// then the unit, with no space between. nullopt where the form is wrong or the value is too large
// for the type; whether a value makes sense is for the caller to say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace sim {

// "250us", "20ms", "5s", "2min", "1h", "10ns"; no sign. A part of a nanosecond is refused.
std::optional<herd::Duration> parse_duration(std::string_view text);

// The same with an optional sign: "-5ms", "+5ms", "5ms".
std::optional<herd::Duration> parse_signed_duration(std::string_view text);

// "10/s", "600/min", "1/h" as the time between two, to the nearest nanosecond; nullopt for a rate
// of zero too. A rate above 2,000,000,000/s gives zero.
std::optional<herd::Duration> parse_rate(std::string_view text);

// The same as how many there are in a second; a rate of zero, "0/s", is one too.
std::optional<double> parse_rate_per_s(std::string_view text);

// "56kbit/s", "10mbit/s" in bits a second; the prefixes are decimal: kbit, mbit, gbit.
std::optional<double> parse_bandwidth(std::string_view text);

// "1%", "0.5%" as a share of one.
std::optional<double> parse_percent(std::string_view text);

// "100ppm", "-0.5ppm", "+2ppm" in parts per billion, exactly: three decimals.
std::optional<std::int64_t> parse_drift_ppb(std::string_view text);

// "3m/s", "50km/h" in metres a second.
std::optional<double> parse_speed(std::string_view text);

// "500m", "10km" in metres.
std::optional<double> parse_distance_m(std::string_view text);

// "500m", "10km" in kilometres, as the very same number in decimals without needless zeros: "0.5",
// "10".
std::optional<std::string> parse_distance_km(std::string_view text);

}  // namespace sim
