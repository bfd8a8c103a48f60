// Cuts a program's output into lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sim {

class LineCutter {
 public:
  // The rest of a longer line is left out.
  explicit LineCutter(std::size_t max_line) : max_line_(max_line) {}

  // Hands each line that is whole now to `take`, without its ending (LF or CR LF).
  template <class Take>
  void feed(std::string_view bytes, Take&& take) {
    for (std::size_t end = 0; (end = bytes.find('\n')) != std::string_view::npos;) {
      add(bytes.substr(0, end));
      bytes.remove_prefix(end + 1);
      hand_over(take);
    }
    add(bytes);
  }

  // What is left is a line of its own.
  template <class Take>
  void finish(Take&& take) {
    if (!line_.empty()) hand_over(take);
  }

 private:
  void add(std::string_view bytes) {
    // One byte more, which may be the CR of the ending.
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
