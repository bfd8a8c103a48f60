// XML Schema's dateTime, the format of times in GPX: 2024-05-01T12:30:00.25Z.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace sim {

// Parses a dateTime of the years 1970 to 2261. It may have a time zone (Z, +01:00); without one it
// counts as UTC. Decimals of a second after the ninth are ignored. A leap second counts as the
// first second after it. Returns nullopt for any other text.
std::optional<herd::PosixNs> parse_utc_time(std::string_view text);

// Returns a text as 2024-05-01T12:30:00.250000000Z. `time` must not be negative.
std::string format_utc_time(herd::PosixNs time);
// The same without zeros at the end of the decimals: 2024-05-01T12:30:00.25Z.
std::string format_short_utc_time(herd::PosixNs time);

}  // namespace sim
