// What came of the commands that clients sent: each is one of the first four.
#pragma once

#include <cstdint>

namespace sim {

struct ReplyCounts {
  std::uint64_t replies = 0;   // answered with anything but a refusal, rightly or not
  std::uint64_t refusals = 0;  // answered with a question mark
  std::uint64_t closings = 0;  // the connection was gone before there was an answer
  std::uint64_t silences = 0;  // no answer in time, or none until the end of the run

  std::uint64_t odd_replies = 0;  // of replies and refusals: not in protocol.md's words
};

}  // namespace sim
