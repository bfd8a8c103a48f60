// Shows the progress of a run, or of a sweep, on standard error: one live line on a terminal, a
// plain line now and then elsewhere.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "sim/measure/results/progress.h"

namespace sim {

class ProgressDisplay {
 public:
  explicit ProgressDisplay(std::string scenario);
  // Wipes the live line.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void show(const Progress& progress);
  // A sentence that says how far it is.
  void show(const std::string& line);

 private:
  void draw(const std::string& line);

  std::string scenario_;
  bool terminal_;
  bool drawn_ = false;
  std::optional<herd::Duration> last_line_;  // of a run, in its time
  std::optional<std::chrono::steady_clock::time_point> last_sentence_;
};

}  // namespace sim
