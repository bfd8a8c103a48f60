// Runs one scenario in the world that its clock names.
#pragma once

#include <spdlog/common.h>

#include <atomic>
#include <filesystem>
#include <functional>

#include "core/result.h"
#include "sim/base/io/uv_error.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/progress.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct RunOptions {
  std::filesystem::path log_folder;  // receives HERD/SERVER.log; virtual servers have no logs
  spdlog::level::level_enum log_level = spdlog::level::info;
  std::function<void(const Progress&)> on_progress;  // called a few times per second; may be empty
  // If it becomes true, the run ends early and is not complete. May be null: a live run listens for
  // SIGINT, SIGTERM and SIGHUP anyway. If it is given for a live run, the caller must listen for
  // SIGINT, because the flag is passed on as that signal.
  const std::atomic<bool>* interrupted = nullptr;
};

// Runs the scenario and returns its results, or an error if the run could not be set up. Several
// threads may run scenarios in virtual time at once. Live runs share the process's signals, ports
// and descriptors, so only one may run at a time.
herd::Result<RunResults, Error> run_scenario(const Scenario& scenario, const RunOptions& options);

}  // namespace sim
