#include "sim/app/cli/run_sweep_command.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/progress_display.h"
#include "sim/app/cli/run_report.h"
#include "sim/app/cli/shown_folder.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/app/compare/gate.h"
#include "sim/app/sweep/resume.h"
#include "sim/app/sweep/run_sweep.h"
#include "sim/app/sweep/sweep_json.h"
#include "sim/app/sweep/sweep_tables.h"
#include "sim/app/sweep/sweep_text.h"
#include "sim/base/process/last_words.h"
#include "sim/measure/results/output_folder.h"
#include "sim/measure/results/utc_now.h"

namespace sim {
namespace {

int fail_sweep(const Sweep& sweep, RunOutput& output, const std::string& why) {
  output.add_failure(sweep.name, sweep.file, why);
  return kNotCarriedOut;
}

int status_of(const SweepResults& results) {
  if (results.count(PointStatus::kNotRun) > 0) return kInterrupted;
  if (results.count(PointStatus::kFailed) > 0) return kNotCarriedOut;
  return results.count(PointStatus::kNotHeld) > 0 ? kNotHeld : kDone;
}

// Returns the metrics that the user asked for; none if the user did not ask.
std::vector<std::size_t> asked_metrics(const RunCommand& command) {
  if (command.columns.empty()) return {};
  auto metrics = read_metrics(command.columns);
  return metrics ? *metrics : std::vector<std::size_t>();
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

std::optional<FileError> write_tables(const Sweep& sweep, const SweepResults& results,
                                      const RunCommand& command,
                                      const std::filesystem::path& folder) {
  const std::vector<std::size_t> asked = asked_metrics(command);
  const std::vector<std::size_t> metrics = asked.empty() ? all_metrics() : asked;
  if (auto error = write_sweep_summary(sweep, results, folder / "summary.csv")) return error;
  if (auto error = write_sweep_spreads(sweep, results, folder / "sweep.csv", metrics)) return error;
  return write_sweep_json(sweep, results, folder);
}

// Writes the tables, puts the folder in its place and returns that place, or what went wrong. Keeps
// the finished points then.
herd::Result<std::filesystem::path, std::string> publish(const Sweep& sweep,
                                                         const SweepResults& results,
                                                         const RunCommand& command,
                                                         OutputFolder& folder) {
  try {
    if (const auto error = write_tables(sweep, results, command, folder.partial())) {
      folder.keep();
      return folder.for_people(error->message()) + "; the finished points are kept in " +
             folder.partial_name().string() + " (--resume runs only the rest)";
    }
    add_report(command.report, folder);
    auto place = folder.publish();
    if (!place) return folder.for_people(place.error().message());
    return *place;
  } catch (const std::exception& error) {  // the figures are worth showing all the same
    folder.keep();
    return std::string("the files cannot be written: ") + words_of(error);
  }
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
  if (results.count(PointStatus::kFailed) == results.points.size()) {
    return fail_sweep(sweep, output, "no point could be carried out");
  }
  const auto stored = publish(sweep, results, command, folder);
  RunEnd end{shown_folder(stored, folder, command.folder(sweep.name)), status_of(results), ""};
  if (!stored) {
    end.status = kNotCarriedOut;
    end.error = stored.error();
  }
  output.add_sweep(sweep, results, end, asked_metrics(command));
  return end.status;
}

}  // namespace

int run_sweep_command(const Sweep& sweep, const RunCommand& command, RunOutput& output) {
  using Leftover = OutputFolder::Leftover;
  const std::filesystem::path shown = command.folder(sweep.name);
  auto folder = OutputFolder::create(shown, command.resume ? Leftover::kKeep : Leftover::kClear);
  if (!folder) return fail_sweep(sweep, output, folder.error().message());

  SweepResults results;
  results.start = utc_now();
  results.points.resize(sweep.points());
  if (!command.resume) return run_rest(sweep, command, **folder, results, output);
  if (const auto error = take_finished_points(sweep, **folder, results)) {
    return fail_sweep(sweep, output, (*folder)->for_people(error->message()));
  }
  // Points that were taken over are in the partial folder, so they have yet to be put in place.
  std::error_code unknown;
  const bool taken = std::filesystem::exists((*folder)->partial() / "points", unknown);
  if (!results.complete() || taken) return run_rest(sweep, command, **folder, results, output);
  const RunEnd end{shown, status_of(results), ""};
  output.add_sweep(sweep, results, end, asked_metrics(command));
  if (command.format == RunFormat::kText) {
    std::printf("nothing was run: every point was finished already%s\n",
                command.columns.empty() ? "" : "; sweep.csv keeps the columns that it has");
  }
  return end.status;
}

}  // namespace sim
