// Framing: bytes cut into lines, however they come, against the text split at its LFs.
//
// The first byte is the limit of a line, the second the size of the pieces in which the rest comes.
#include <string>

#include "core/framing.h"
#include "core/limits.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {
namespace {

// Returns the lines of the text, one event each, until the first one that is too long.
std::string split(std::string_view text, std::size_t max_line) {
  std::string out;
  while (!text.empty()) {
    const std::size_t lf = text.find('\n');
    std::string_view line = text.substr(0, lf);
    const bool has_cr = line.ends_with('\r');
    if (has_cr) line.remove_suffix(1);
    if (line.size() > max_line) {
      return out.append("too long: ").append(text.substr(0, kOverlongEcho));
    }
    if (lf == std::string_view::npos) break;
    out.append(has_cr ? "CR LF: " : "LF: ").append(line).append("\n");
    text.remove_prefix(lf + 1);
  }
  return out;
}

// The same by take_line(), as a stream calls it: with the unfinished line and `piece` bytes more.
std::string cut(std::string_view text, std::size_t max_line, std::size_t piece) {
  std::string out;
  std::string kept;
  while (!text.empty()) {
    kept.append(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
    std::string_view bytes = kept;
    for (;;) {
      const FramedLine next = take_line(bytes, max_line);
      if (next.status == Framing::kNeedMore) break;
      if (next.status == Framing::kTooLong) {
        // How much of the line there is depends on how much has come.
        require(next.line.text.size() <= kOverlongEcho, "a short echo");
        return out.append("too long: ").append(next.line.text);
      }
      require(next.line.text.size() <= max_line, "no line is longer than the limit");
      out.append(next.line.ending == "\r\n" ? "CR LF: " : "LF: ");
      out.append(next.line.text).append("\n");
    }
    kept.erase(0, kept.size() - bytes.size());
  }
  return out;
}

}  // namespace

void one_input(std::string_view input) {
  if (input.size() < 2) return;
  // At least as long as what the answer to an overlong line repeats, as all real limits are.
  const std::size_t max_line = kOverlongEcho + static_cast<unsigned char>(input[0]);
  const std::size_t piece = 1U + static_cast<unsigned char>(input[1]);
  const std::string_view text = input.substr(2);
  const std::string expected = split(text, max_line);
  require_equal(cut(text, max_line, text.size() + 1), expected, "all at once");
  require_equal(cut(text, max_line, piece), expected, "piece by piece");
}

}  // namespace herd::fuzz
