// Where a reply of protocol.md's form ends, found as its bytes come: a line; or, for a WHATSAT that
// is not refused, its AT line, JSON and an empty line. Each byte is looked at once.
//
// Empty lines before a reply belong to none: many servers end what they say with one too many.
// A JSON that never ends in an empty line ends with its last bracket, once nothing follows it, or
// with the line of that bracket where another line follows.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sim {

class ReplyScan {
 public:
  // Goes on in `text`, which begins as it did at the last call. The bytes of the reply, its ending
  // with them, once they are all there.
  std::optional<std::size_t> whole(std::string_view text, bool of_query);
  // Where nothing more follows what whole() has last seen: whether that is a reply after all.
  bool whole_if_quiet() const;

 private:
  enum class Part { kLeading, kFirstLine, kBody };

  // Takes a byte of what follows the AT line; true where the reply ends before it.
  bool body_ends_before(char c);
  // Takes a line's end there; true where the reply ends with it.
  bool take_body_line_end();
  void take_json(char c);

  Part part_ = Part::kLeading;
  std::size_t at_ = 0;          // all before it was looked at
  std::size_t first_line_ = 0;  // where it begins
  bool blank_ = true;           // so is the line so far
  bool empty_line_ = false;     // was seen in the body
  bool body_ = false;           // has begun, with …
  bool json_ = false;           // … a bracket
  bool complete_ = false;       // all brackets are closed
  bool in_string_ = false, escaped_ = false;
  std::size_t depth_ = 0;
};

}  // namespace sim
