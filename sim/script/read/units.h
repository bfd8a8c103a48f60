// Parses quantities with units, as scenario files write them: a decimal number of at most nine
// decimals, then the unit, without a space. Each function returns nullopt if the form is wrong or
// the value is too large for the type. The caller checks whether a value makes sense.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace sim {

// "250us", "20ms", "5s", "2min", "1h", "10ns"; no sign. Refuses a part of a nanosecond.
std::optional<herd::Duration> parse_duration(std::string_view text);

// The same with an optional sign: "-5ms", "+5ms", "5ms".
std::optional<herd::Duration> parse_signed_duration(std::string_view text);

// "10/s", "600/min", "1/h" as the time between two, to the nearest nanosecond. Returns nullopt for
// a rate of zero too, and zero for a rate above 2,000,000,000/s.
std::optional<herd::Duration> parse_rate(std::string_view text);

// The same as the number per second; "0/s" is zero.
std::optional<double> parse_rate_per_s(std::string_view text);

// "64KiB", "256MiB", "1GiB", "9216B" in bytes, exactly. The prefixes are binary.
std::optional<std::int64_t> parse_size(std::string_view text);

// "56kbit/s", "10mbit/s" in bits per second. The prefixes are decimal: kbit, mbit, gbit.
std::optional<double> parse_bandwidth(std::string_view text);

// "1%", "0.5%" as a share of one.
std::optional<double> parse_percent(std::string_view text);

// "100ppm", "-0.5ppm", "+2ppm" in parts per billion, exactly: three decimals.
std::optional<std::int64_t> parse_drift_ppb(std::string_view text);

// "3m/s", "50km/h" in metres per second.
std::optional<double> parse_speed(std::string_view text);

// "500m", "10km" in metres.
std::optional<double> parse_distance_m(std::string_view text);

// "500m", "10km" in kilometres: exactly the same number in decimals, as "0.5" or "10".
std::optional<std::string> parse_distance_km(std::string_view text);

}  // namespace sim
