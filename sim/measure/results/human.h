// Numbers for people: the table at a run's end and the progress before it.
#pragma once

#include <cstdint>
#include <string>

#include "core/time.h"

namespace sim {

// "1,234,567", "-1,234".
std::string with_separators(std::int64_t value);

// Three digits and the unit that fits: "0.42 µs", "41.2 µs", "1.00 ms", "12.3 s", "125 s"; "0 µs".
std::string human_duration(herd::Duration value);

}  // namespace sim
