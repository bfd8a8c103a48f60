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
  unsigned jobs = 1;  // threads; the points of a live sweep always run one at a time
  spdlog::level::level_enum log_level = spdlog::level::info;
  // Called at the beginning and after each point, by one thread at a time. May be empty.
  std::function<void(const SweepProgress&)> on_progress;
  // If it becomes true, the points in progress end early and no more are started. May be null.
  const std::atomic<bool>* interrupted = nullptr;
  // Runs one point. Called by `jobs` threads at once.
  std::function<herd::Result<RunResults, Error>(const Scenario&, const RunOptions&)> run =
      run_scenario;
};

// Returns results in which no point has run: those of another shard are kElsewhere. They begin now,
// and belong to this program.
SweepResults begin_results(const Sweep& sweep);

// Runs the points that are kNotRun in `results` and writes each to its folder within `folder` as it
// finishes. A point's folder is either complete, with run.json written last, or not there. A point
// that cannot be run or written becomes kFailed, and the others go on. An interrupted point stays
// kNotRun. A point whose data files have other contents than those of the others becomes kFailed.
// The results do not depend on the number of threads, except for live sweeps.
void run_points(const Sweep& sweep, const SweepOptions& options,
                const std::filesystem::path& folder, SweepResults& results);

}  // namespace sim
