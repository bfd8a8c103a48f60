#include "sim/app/cli/run_sweep_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/progress_display.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/app/cli/sweep_end.h"
#include "sim/app/sweep/resume.h"
#include "sim/app/sweep/run_sweep.h"
#include "sim/app/sweep/sweep_json.h"
#include "sim/app/sweep/sweep_text.h"
#include "sim/base/json/parse_json.h"
#include "sim/measure/results/output_folder.h"
#include "sim/measure/results/run_json.h"

namespace sim {
namespace {

int status_of(const SweepResults& results) {
  if (results.count(PointStatus::kNotRun) > 0) return kInterrupted;
  if (results.count(PointStatus::kFailed) > 0) return kNotCarriedOut;
  return results.count(PointStatus::kNotHeld) > 0 ? kNotHeld : kDone;
}

void run_all(const Sweep& sweep, const RunCommand& command, const std::filesystem::path& folder,
             SweepResults& results) {
  const SignalFlag told_to_stop;
  SweepOptions options;
  options.jobs = command.jobs.value_or(std::max(1U, std::thread::hardware_concurrency()));
  if (command.log_level) options.log_level = *command.log_level;
  options.interrupted = &told_to_stop.raised();
  std::optional<ProgressDisplay> display;
  if (!command.quiet) {
    display.emplace(sweep.name);
    options.on_progress = [&](const SweepProgress& progress) {
      display->show(sweep_progress_line(progress));
    };
  }
  run_points(sweep, options, folder, results);
}

int run_rest(const Sweep& sweep, const RunCommand& command, OutputFolder& folder,
             SweepResults& results, RunOutput& output) {
  // If this process is killed, a later --resume reads here which sweep the points belong to.
  if (const auto error = write_sweep_json(sweep, results, folder.partial())) {
    return fail_sweep(sweep, output, folder.for_people(error->message()));
  }
  run_all(sweep, command, folder.partial(), results);
  std::fputs(folder.for_people(sweep_failures(sweep, results)).c_str(), stderr);
  // Then the results of an earlier sweep are worth more than these.
  if (results.own() > 0 && results.count(PointStatus::kFailed) == results.own()) {
    return fail_sweep(sweep, output, "no point could be carried out");
  }
  return end_sweep(sweep, results, status_of(results), command, folder, output);
}

// Returns why a shard must not replace what is in the folder; empty if it may.
std::string why_not_replaceable(const Sweep& sweep, const std::filesystem::path& folder) {
  const OwnedJson run = sweep.shard ? read_run_file(folder) : nullptr;
  if (!run) return "";
  const std::string_view there = string_of(json_object_get(run.get(), "shard"));
  if (there == to_string(*sweep.shard)) return "";
  return fmt::format(
      "{}: has {}, which shard {} does not replace (name a folder for each shard)", folder.string(),
      there.empty() ? "other results" : fmt::format("shard {}", there), to_string(*sweep.shard));
}

}  // namespace

int run_sweep_command(const Sweep& sweep, const RunCommand& command, RunOutput& output) {
  using Leftover = OutputFolder::Leftover;
  const std::filesystem::path shown = command.folder(sweep.name);
  const std::string why = why_not_replaceable(sweep, shown);
  if (!why.empty()) return fail_sweep(sweep, output, why);
  auto folder = OutputFolder::create(shown, command.resume ? Leftover::kKeep : Leftover::kClear);
  if (!folder) return fail_sweep(sweep, output, folder.error().message());

  SweepResults results = begin_results(sweep);
  if (!command.resume) return run_rest(sweep, command, **folder, results, output);
  if (const auto error = take_finished_points(sweep, **folder, results)) {
    return fail_sweep(sweep, output, (*folder)->for_people(error->message()));
  }
  // Points that were taken over are in the partial folder, so they have yet to be put in place.
  std::error_code unknown;
  const bool taken = std::filesystem::exists((*folder)->partial() / "points", unknown);
  if (!results.complete() || taken) return run_rest(sweep, command, **folder, results, output);
  const RunEnd end{shown, status_of(results), ""};
  output.add_sweep(sweep, results, end, asked_metrics(command.columns));
  if (command.format == RunFormat::kText) {
    std::printf("nothing was run: every point was finished already%s\n",
                command.columns.empty() ? "" : "; sweep.csv keeps the columns that it has");
  }
  return end.status;
}

}  // namespace sim
