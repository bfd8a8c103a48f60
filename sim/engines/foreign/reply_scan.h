// Finds the end of a reply of protocol.md's form as its bytes come. The reply is a line or, for a
// WHATSAT that is not refused, its AT line, JSON and an empty line. Each byte is looked at once.
//
// Empty lines before a reply belong to no reply: many servers send one empty line too many after
// each. A JSON that no empty line follows ends with its last bracket once nothing more comes. If
// another line follows, it ends with the line of that bracket.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sim {

class ReplyScan {
 public:
  // Continues in `text`, which must begin as it did at the last call. Returns the size of the reply
  // with its ending; nullopt if it is not complete.
  std::optional<std::size_t> whole(std::string_view text, bool of_query);
  // Returns whether the bytes that whole() has last seen are a reply if nothing more follows.
  bool whole_if_quiet() const;

 private:
  enum class Part { kLeading, kFirstLine, kBody };

  // Takes a byte after the AT line. Returns true if the reply ends before it.
  bool body_ends_before(char c);
  // Takes a line's end after the AT line. Returns true if the reply ends with it.
  bool take_body_line_end();
  void take_json(char c);

  Part part_ = Part::kLeading;
  std::size_t at_ = 0;          // bytes before it were looked at
  std::size_t first_line_ = 0;  // the place at which it begins
  bool blank_ = true;           // the line is blank so far
  bool empty_line_ = false;     // was seen in the body
  bool body_ = false;           // has begun, with …
  bool json_ = false;           // … a bracket
  bool complete_ = false;       // all brackets are closed
  bool in_string_ = false, escaped_ = false;
  std::size_t depth_ = 0;
};

}  // namespace sim
