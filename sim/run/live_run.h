// One scenario, played in the live world from the first socket to the last figure.
#pragma once

#include <spdlog/common.h>

#include <filesystem>
#include <functional>

#include "core/result.h"
#include "sim/base/io/uv_error.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/progress.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/live/live_limits.h"

namespace sim {

struct LiveRunOptions {
  std::filesystem::path log_folder;  // for HERD/SERVER.log
  spdlog::level::level_enum log_level = spdlog::level::info;
  std::function<void(const Progress&)> on_progress;  // a few times a second; may be empty
  LiveLimits limits;
};

// Runs on the calling thread, one more for the clients, and one for each loop of a herd on several.
// SIGINT, SIGTERM and SIGHUP end the run early: its results are those of what was played, and not
// complete. An error where the world could not be made.
herd::Result<RunResults, Error> run_live(const Scenario& scenario, const LiveRunOptions& options);

}  // namespace sim
