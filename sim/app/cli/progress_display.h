// Shows the progress of a run or a sweep on standard error: on a terminal with escape
// sequences as one line that is redrawn, otherwise as a line every two seconds.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "sim/app/cli/terminal.h"
#include "sim/measure/results/progress.h"

namespace sim {

class ProgressDisplay {
 public:
  explicit ProgressDisplay(std::string scenario);
  // Erases the line on the terminal.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  // Shows how far a run is.
  void show(const Progress& progress);
  // Shows how far a sweep is, in words such as "12 of 40 points".
  void show(const std::string& line);

 private:
  void draw(const std::string& line);

  std::string scenario_;
  Terminal terminal_;
  bool drawn_ = false;
  std::optional<herd::Duration> last_line_;  // on the run's own clock
  std::optional<std::chrono::steady_clock::time_point> last_sentence_;
};

}  // namespace sim
