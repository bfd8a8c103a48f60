// Checks that the plan of a scenario fits into memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Estimates what make_plan() and plan_faults() make of a scenario without problems, for all herds
// together. Reports the part that makes the most of it if that is more than kMaxPlanned.
class SizeCheck {
 public:
  // Counts the next group of the scenario for this number of herds. `duration` is the script's.
  void add(const ClientGroup& group, std::size_t herds, Duration duration);
  // Counts the events of a scenario, and reports. Its groups have been added.
  void finish(const Scenario& scenario, Problems& problems);

 private:
  void count(std::string_view path, double number);

  std::size_t groups_ = 0;
  double all_ = 0, most_ = 0;
  std::string most_path_;
};

}  // namespace sim
