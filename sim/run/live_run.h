// Runs one scenario in the live world, on real sockets and in real time.
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
  std::filesystem::path log_folder;  // receives HERD/SERVER.log
  spdlog::level::level_enum log_level = spdlog::level::info;
  std::function<void(const Progress&)> on_progress;  // called a few times per second; may be empty
  LiveLimits limits;
};

// Runs the scenario and returns its results. Uses the calling thread, one thread for the clients,
// and one per loop for herds on several loops.
//
// SIGINT, SIGTERM and SIGHUP end the run early; the results then cover what was played and are
// marked as not complete. Returns an error if the run could not be set up, for example because a
// port is taken.
herd::Result<RunResults, Error> run_live(const Scenario& scenario, const LiveRunOptions& options);

}  // namespace sim
