// Traces as CSV (RFC 4180). The header names, in any order, `time_s` (seconds),
// `client`, `lat` and `lon` (decimal degrees, WGS 84). Other columns are ignored.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "sim/script/traces/trace_data.h"

namespace sim {

herd::Result<TraceData, TraceProblems> parse_csv_trace(std::string_view text, TraceFrom from);

// Append the header, and a client's rows. Times have nine decimals of a second, locations nine of a
// degree (0.1 mm).
void append_csv_trace_header(std::string& out);
void append_csv_trace(std::string& out, const TraceClient& client);

}  // namespace sim
