// One scenario, played in virtual time: nothing sleeps, nothing listens, and the same scenario and
// seed give the same results to the byte, but for what is said of the machine and its time.
//
// Any thread, and several at once: runs share nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "core/result.h"
#include "sim/base/io/uv_error.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/progress.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct VirtualRunOptions {
  std::function<void(const Progress&)> on_progress;  // a few times a second; may be empty
  // Once true the run ends early: its results are those of what was played, and not complete. May
  // be null.
  const std::atomic<bool>* interrupted = nullptr;
  // More events than these are an error: a herd that never comes to rest at one instant would run
  // for ever. 0: any number.
  std::uint64_t max_events = 0;
  // Other runs are under way in the process: what this one takes of its memory is not known.
  bool shares_process = false;
};

// An error where the world could not be made (links that are not proven in time, Places data that
// cannot be read), or where it came to more events than allowed.
herd::Result<RunResults, Error> run_virtual(const Scenario& scenario,
                                            const VirtualRunOptions& options);

}  // namespace sim
