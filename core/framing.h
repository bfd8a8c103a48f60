// Cutting a stream of bytes into lines. Copies nothing and keeps nothing: the shell holds the bytes
// of an unfinished line and hands them in again with what follows.
#pragma once

#include <cstddef>
#include <string_view>

namespace herd {

// A line without its ending, and the ending that it had: "\n" or "\r\n". Both are views of what
// was handed in.
struct Line {
  std::string_view text;
  std::string_view ending;
};

// How servers end what they say on links.
inline constexpr std::string_view kLinkEnding = "\n";

enum class Framing {
  kLine,      // a whole line was taken
  kNeedMore,  // what is left is the beginning of a line
  kTooLong,   // the line that begins here is longer than allowed; `text` is its first bytes
};

struct FramedLine {
  Framing status = Framing::kNeedMore;
  Line line;
};

// Takes the first line off `bytes`. `max_line` counts the bytes before the ending. After kTooLong
// nothing more can be read from the stream: `bytes` is left as it is.
FramedLine take_line(std::string_view& bytes, std::size_t max_line);

}  // namespace herd
