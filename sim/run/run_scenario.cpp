#include "sim/run/run_scenario.h"

#include <csignal>
#include <utility>
#include <vector>

#include "sim/run/input_digests.h"
#include "sim/run/live_run.h"
#include "sim/run/virtual_run.h"

namespace sim {
namespace {

herd::Result<RunResults, Error> run_in_world(const Scenario& scenario, const RunOptions& options) {
  if (scenario.clock == ClockKind::kVirtual) {
    VirtualRunOptions virtual_run;
    virtual_run.on_progress = options.on_progress;
    virtual_run.interrupted = options.interrupted;
    return run_virtual(scenario, virtual_run);
  }
  LiveRunOptions live_run;
  live_run.log_folder = options.log_folder;
  live_run.log_level = options.log_level;
  live_run.on_progress = options.on_progress;
  if (options.interrupted != nullptr) {
    live_run.on_progress = [&options](const Progress& progress) {
      // The run listens for signals, but not from its first moment. This repeats a signal that came
      // before.
      if (*options.interrupted) std::raise(SIGINT);
      if (options.on_progress) options.on_progress(progress);
    };
  }
  return run_live(scenario, live_run);
}

}  // namespace

herd::Result<RunResults, Error> run_scenario(const Scenario& scenario, const RunOptions& options) {
  std::vector<InputFile> inputs = input_digests(scenario);
  auto run = run_in_world(scenario, options);
  if (run) run->inputs = std::move(inputs);
  return run;
}

}  // namespace sim
