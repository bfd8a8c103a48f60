// The conversations that hold a server to the protocol, as a table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sim {

// One conversation: what is sent, what must come, and what is wrong if it does not. Both texts are
// lines, each with its ending; a server is asked on a connection of the conversation's own.
//
// Words in braces stand for what is known only then: {c}, an id of a client that no other
// conversation names; {server}, the server's name; {skew9}, any difference of clocks with its sign
// and nine decimals; {skew}, the same in any form, so that only one conversation judges the form;
// {x*N}, that many letters x.
struct Exchange {
  enum class How {
    // Line by line in the herd's dialect, each after the answer to the last one. Endings do not
    // count.
    kLines,
    kBytes,       // all bytes at once; the answer must have exactly the expected bytes
    kPieces,      // the same, a few bytes at a time
    kThenEnd,     // the same as kBytes; then the client ends, and the server must close
    kThenClosed,  // the same as kBytes; the server itself must close
  };

  std::string_view rule;  // a short name, for programs
  How how = How::kLines;
  std::string_view sent, expected;
  std::string_view sentence;  // what is wrong
  // The first line of the answer to a WHATSAT for {c} after it: an AT line, or `? ` and the WHATSAT
  // if the server must not know the client. Empty: it is not asked.
  std::string_view then = {};
};

const std::vector<Exchange>& exchanges();

// Returns the text with its braces filled in, except {skew} and {skew9}.
std::string filled_in(std::string_view text, std::string_view client, std::string_view server);

// Returns whether an answer is the expected text, in which {skew} and {skew9} may stand.
bool fits(std::string_view expected, std::string_view came);

}  // namespace sim
