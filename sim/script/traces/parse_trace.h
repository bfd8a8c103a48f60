// Trace files of every format.
#pragma once

#include <string_view>

#include "core/result.h"
#include "sim/script/traces/trace_data.h"

namespace sim {

// Parses the text of a trace file. A text that begins with `<` is XML: GPX if its root is `gpx`,
// SUMO's format if its root is `fcd-export`. Any other text is CSV.
herd::Result<TraceData, TraceProblems> parse_trace(std::string_view text);

}  // namespace sim
