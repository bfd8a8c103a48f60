// Numbers for people: for the table at the end of a run and the progress before it.
#pragma once

#include <cstdint>
#include <string>

#include "core/time.h"

namespace sim {

// Returns a number as "1,234,567" or "-1,234".
std::string with_separators(std::int64_t value);

// Returns three digits and a suitable unit: "0.42 µs", "41.2 µs", "1.00 ms", "12.3 s", "125 s".
// Zero is "0 µs".
std::string human_duration(herd::Duration value);

}  // namespace sim
