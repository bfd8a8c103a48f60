// Cuts a program's output into lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sim {

class LineCutter {
 public:
  // Drops the rest of a line that is longer than `max_line` bytes.
  explicit LineCutter(std::size_t max_line) : max_line_(max_line) {}

  // Calls `take` with each line that is now complete, without its ending (LF or CR LF).
  template <class Take>
  void feed(std::string_view bytes, Take&& take) {
    for (std::size_t end = 0; (end = bytes.find('\n')) != std::string_view::npos;) {
      add(bytes.substr(0, end));
      bytes.remove_prefix(end + 1);
      hand_over(take);
    }
    add(bytes);
  }

  // Calls `take` with the unfinished last line, if there is one.
  template <class Take>
  void finish(Take&& take) {
    if (!line_.empty()) hand_over(take);
  }

 private:
  void add(std::string_view bytes) {
    // One byte more than the limit, because it may be the CR of the ending.
    line_.append(bytes.substr(0, max_line_ + 1 - line_.size()));
  }

  template <class Take>
  void hand_over(Take& take) {
    std::string_view line = line_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    take(line.substr(0, max_line_));
    line_.clear();
  }

  std::size_t max_line_;
  std::string line_;
};

}  // namespace sim
