// One scenario, played in the world that its clock names.
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
  std::filesystem::path log_folder;  // for HERD/SERVER.log; virtual servers write none
  spdlog::level::level_enum log_level = spdlog::level::info;
  std::function<void(const Progress&)> on_progress;  // a few times a second; may be empty
  // Once true the run ends early, and is not complete. May be null: a live run then hears of
  // SIGINT, SIGTERM and SIGHUP all the same, by itself. For a live run whoever gives it has to
  // listen to SIGINT meanwhile, for that is how it is passed on.
  const std::atomic<bool>* interrupted = nullptr;
};

// An error where the world could not be made. Runs in virtual time may go on in several threads at
// once; live ones share the process's signals, ports and descriptors: one at a time.
herd::Result<RunResults, Error> run_scenario(const Scenario& scenario, const RunOptions& options);

}  // namespace sim
