// The outcomes of the commands that clients sent. Each command counts in exactly one of the first
// four.
#pragma once

#include <cstdint>

namespace sim {

struct ReplyCounts {
  std::uint64_t replies = 0;   // any answer except a refusal, correct or not
  std::uint64_t refusals = 0;  // the answer was a question mark
  std::uint64_t closings = 0;  // the connection closed before there was an answer
  std::uint64_t silences = 0;  // no answer before the timeout, or before the end of the run

  std::uint64_t odd_replies = 0;  // replies and refusals that are not in the words of protocol.md
};

}  // namespace sim
