// Shows on standard error how many runs of a swarm are done: on a terminal with escape sequences
// as one line that is redrawn, otherwise as a line every few seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace sim {

// One thread at a time.
class RunsDisplay {
 public:
  // `runs`: how many there will be.
  explicit RunsDisplay(std::uint64_t runs);
  // Erases the line on the terminal.
  ~RunsDisplay() { erase(); }
  RunsDisplay(const RunsDisplay&) = delete;
  RunsDisplay& operator=(const RunsDisplay&) = delete;

  // Cheap enough to be called after every run: most calls show nothing.
  void show(std::uint64_t done);

 private:
  void erase();

  std::string runs_;
  bool redraws_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
};

}  // namespace sim
