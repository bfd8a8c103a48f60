// Cuts a stream of bytes into lines. It copies nothing and keeps no state: the caller keeps the
// bytes of an unfinished line and passes them again with the bytes that follow.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/limits.h"

namespace herd {

// A line without its ending, and its ending: "\n" or "\r\n". Both are views of the input.
struct Line {
  std::string_view text;
  std::string_view ending;
};

// The ending of every line that a server sends on a link.
inline constexpr std::string_view kLinkEnding = "\n";

enum class Framing {
  kLine,      // a complete line was taken
  kNeedMore,  // the input holds only the beginning of a line
  kTooLong,   // the line is longer than allowed; `text` is its first bytes
};

struct FramedLine {
  Framing status = Framing::kNeedMore;
  Line line;
};

// Removes the first line from `bytes` and returns it. `max_line` is the limit of the bytes before
// the ending. After kTooLong, `bytes` is unchanged and the stream cannot be read any further.
inline FramedLine take_line(std::string_view& bytes, std::size_t max_line) {
  const std::size_t lf = bytes.find('\n');
  if (lf == std::string_view::npos) {
    // A CR at the end may be half of an ending, so it does not count yet.
    const std::size_t size = bytes.size() - (bytes.ends_with('\r') ? 1 : 0);
    if (size <= max_line) return {};
    return {Framing::kTooLong, {bytes.substr(0, kOverlongEcho), {}}};
  }
  const std::size_t end = lf > 0 && bytes[lf - 1] == '\r' ? lf - 1 : lf;
  if (end > max_line) return {Framing::kTooLong, {bytes.substr(0, kOverlongEcho), {}}};
  const Line line{{bytes.data(), end}, {bytes.data() + end, lf + 1 - end}};
  bytes.remove_prefix(lf + 1);
  return {Framing::kLine, line};
}

}  // namespace herd
