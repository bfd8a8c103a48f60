// Runs one scenario in virtual time: nothing sleeps and nothing listens. The same scenario and seed
// give the same results to the byte, except for the figures of the machine and its time.
//
// Safe from any thread, and from several at once: runs share nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "core/result.h"
#include "sim/base/io/uv_error.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/summarize.h"
#include "sim/measure/results/progress.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct VirtualRunOptions {
  std::function<void(const Progress&)> on_progress;  // called a few times per second; may be empty
  // If it becomes true, the run ends early; the results then cover what was played and are not
  // complete. May be null.
  const std::atomic<bool>* interrupted = nullptr;
  // The run fails if it takes more events than this, because a herd that never comes to rest at one
  // instant would run for ever. 0 means no limit.
  std::uint64_t max_events = 0;
  // Whether other runs use the process at the same time. If so, the memory of this one is unknown.
  bool shares_process = false;
  WantedRows rows = WantedRows::kAll;
};

// Runs the scenario and returns its results. Returns an error if the run could not be set up (links
// that do not come up in time, Places data that cannot be read) or took too many events.
herd::Result<RunResults, Error> run_virtual(const Scenario& scenario,
                                            const VirtualRunOptions& options);

}  // namespace sim
