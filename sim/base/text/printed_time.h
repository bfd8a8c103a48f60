// Times as other programs print them.
#pragma once

#include <optional>
#include <string_view>

#include "core/time.h"

namespace sim {

// A time in seconds as programs print it, 1479413884.392 or 1.479e9: in nanoseconds, and by how
// much it may be off for the digits that it has. nullopt for what is no time.
struct PrintedTime {
  herd::PosixNs ns = 0, unit = 0;
};
std::optional<PrintedTime> read_printed_time(std::string_view text);

}  // namespace sim
