// Runs complete scenarios for benchmarks. If a scenario cannot run, the process ends.
#pragma once

#include <string>
#include <string_view>

#include "sim/measure/figures/run_results.h"
#include "sim/script/spec/scenario.h"

// A folder for the servers' logs. The destructor removes it.
class LogFolder {
 public:
  LogFolder();
  ~LogFolder();
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

sim::Scenario read_scenario(const std::string& json);
sim::RunResults play(const sim::Scenario& scenario, const LogFolder& logs);
// Returns a numeric column of the first herd's summary; 0 if it is empty.
double figure(const sim::RunResults& run, std::string_view column);
