// Shows a run's progress on standard error: one live line on a terminal, a plain line now and then
// elsewhere.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "sim/results/progress.h"

namespace sim {

class ProgressDisplay {
 public:
  explicit ProgressDisplay(std::string scenario);
  // Wipes the live line.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void show(const Progress& progress);

 private:
  std::string scenario_;
  bool terminal_;
  bool drawn_ = false;
  std::optional<herd::Duration> last_line_;
};

}  // namespace sim
