// Trace files of every format.
#pragma once

#include <string_view>

#include "core/result.h"
#include "sim/script/traces/trace_data.h"

namespace sim {

// Reads a trace file's text: XML where it begins with `<`, which is GPX where its root is `gpx` and
// SUMO's where that is `fcd-export`; CSV otherwise.
herd::Result<TraceData, TraceProblems> parse_trace(std::string_view text);

}  // namespace sim
