// Reads times as other programs print them.
#pragma once

#include <optional>
#include <string_view>

#include "core/time.h"

namespace sim {

// A time in seconds, printed as 1479413884.392 or 1.479e9. `ns` is the time in nanoseconds; `unit`
// is the value of its last digit in nanoseconds (at least 1000), that is, its precision.
// read_printed_time() returns nullopt if the text is not a time.
struct PrintedTime {
  herd::PosixNs ns = 0, unit = 0;
};
std::optional<PrintedTime> read_printed_time(std::string_view text);

}  // namespace sim
