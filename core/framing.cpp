#include "core/framing.h"

#include "core/limits.h"

namespace herd {

FramedLine take_line(std::string_view& bytes, std::size_t max_line) {
  const std::size_t lf = bytes.find('\n');
  if (lf == std::string_view::npos) {
    // A CR at the end may be half of an ending, so it does not count yet.
    const std::size_t size = bytes.size() - (bytes.ends_with('\r') ? 1 : 0);
    if (size <= max_line) return {};
    return {Framing::kTooLong, {bytes.substr(0, kOverlongEcho), {}}};
  }
  const std::size_t end = lf > 0 && bytes[lf - 1] == '\r' ? lf - 1 : lf;
  if (end > max_line) return {Framing::kTooLong, {bytes.substr(0, kOverlongEcho), {}}};
  const Line line{bytes.substr(0, end), bytes.substr(end, lf + 1 - end)};
  bytes.remove_prefix(lf + 1);
  return {Framing::kLine, line};
}

}  // namespace herd
