// What a reply of somebody else's server says, however it words it.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/time.h"

namespace sim {

enum class ReplyKind {
  kWordForWord,  // as the protocol has it
  kOdd,          // understood: it speaks of the right client and time, in words of its own
  kRefusal,      // `?`
  kOther,        // of another client or time, or nothing that can be understood
};

// An IAMAT as it was sent, whom it was sent to, and what is said to it.
ReplyKind judge_report_reply(std::string_view client, std::string_view location,
                             std::string_view time, herd::PosixNs time_ns, std::string_view server,
                             std::string_view reply);

// A WHATSAT's: the first line of the reply, and whom the question was about.
ReplyKind judge_query_reply(std::string_view about, std::string_view first_line);

}  // namespace sim
