// XML Schema's dateTime, as GPX writes its times: 2024-05-01T12:30:00.25Z.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace sim {

// A dateTime of the years 1970 to 2261, with a time zone (Z, +01:00) or without, which is taken for
// UTC; decimals of a second beyond nine are ignored. nullopt for anything else. A leap second
// counts as the first one after it.
std::optional<herd::PosixNs> parse_utc_time(std::string_view text);

// 2024-05-01T12:30:00.250000000Z. `time` is not negative.
std::string format_utc_time(herd::PosixNs time);

}  // namespace sim
