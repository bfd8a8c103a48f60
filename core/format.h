// Commands into lines: the writing half of the grammar in PROTOCOL.md.
#pragma once

#include <string>
#include <string_view>

#include "core/parse.h"
#include "core/record.h"
#include "core/time.h"

namespace herd {

// Writes `AT SERVER SKEW CLIENT LOCATION TIME` over `out`, whose memory is reused, and returns its
// fields as views of it. The skew is `clock_ns` minus the report's time.
RecordView format_report(std::string& out, std::string_view server, PosixNs clock_ns,
                         const Iamat& report);

// A difference of nanoseconds as a sign, seconds and nine decimals: +0.263873386.
void append_skew(std::string& out, PosixNs difference_ns);

// POSIX nanoseconds as seconds and nine decimals: 1479413884.392014450.
void append_time(std::string& out, PosixNs time_ns);

// `LINK HERD FROM TO PROOF`, or LINKED in its place for the acknowledgement.
std::string format_handshake(std::string_view command, const Handshake& handshake);

}  // namespace herd
