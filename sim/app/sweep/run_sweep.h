// Runs the points of a sweep.
#pragma once

#include <spdlog/common.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>

#include "core/result.h"
#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/run/run_scenario.h"

namespace sim {

struct SweepProgress {
  std::size_t done = 0, failed = 0, total = 0;  // points
};

struct SweepOptions {
  unsigned jobs = 1;  // threads; live points run one at a time whatever it says
  spdlog::level::level_enum log_level = spdlog::level::info;
  // At the beginning and after each point, by one thread at a time; may be empty.
  std::function<void(const SweepProgress&)> on_progress;
  // Once true the points under way end early, and no more are begun. May be null.
  const std::atomic<bool>* interrupted = nullptr;
  // Plays a point; called by `jobs` threads at once.
  std::function<herd::Result<RunResults, Error>(const Scenario&, const RunOptions&)> run =
      run_scenario;
};

// Runs the points that `results` has as not run, and writes each to its folder within `folder` as
// it ends: a point is there whole, its run.json last, or not run. One that cannot be carried out,
// or not be written, has failed, and the others go on. A point that was interrupted is not run, and
// nothing of it is left. Deterministic whatever the number of threads, where the points are.
void run_points(const Sweep& sweep, const SweepOptions& options,
                const std::filesystem::path& folder, SweepResults& results);

}  // namespace sim
