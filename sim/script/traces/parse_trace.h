// Trace files of every format.
#pragma once

#include <optional>
#include <string_view>

#include "core/result.h"
#include "sim/script/traces/trace_data.h"

namespace sim {

// Parses the text of a trace file. A text that begins with `<` is XML: GPX if its root is `gpx`,
// SUMO's format if its root is `fcd-export`. Any other text is CSV. `from` is kFirst for GPX, which
// has dates; for the others it is kRun by default.
herd::Result<TraceData, TraceProblems> parse_trace(std::string_view text,
                                                   std::optional<TraceFrom> from = std::nullopt);

}  // namespace sim
