// Writes commands as lines: the writing half of the grammar in PROTOCOL.md.
#pragma once

#include <string>
#include <string_view>

#include "core/parse.h"
#include "core/record.h"
#include "core/time.h"

namespace herd {

// Replaces `out` with `AT SERVER SKEW CLIENT LOCATION TIME` and reuses its memory. Returns the
// fields as views of `out`. The skew is `clock_ns` minus the report's time.
RecordView format_report(std::string& out, std::string_view server, PosixNs clock_ns,
                         const Iamat& report);

// Appends the clock minus the time as a sign, seconds and nine decimals: +0.263873386.
void append_skew(std::string& out, PosixNs clock_ns, PosixNs time_ns);

// Appends POSIX nanoseconds as seconds and nine decimals: 1479413884.392014450.
void append_time(std::string& out, PosixNs time_ns);

// Returns `COMMAND HERD FROM TO TOKEN`. `command` is LINK, or LINKED for the acknowledgement.
std::string format_handshake(std::string_view command, const Handshake& handshake);

}  // namespace herd
