#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/load_files.h"
#include "sim/app/cli/progress_display.h"
#include "sim/app/cli/run_sweep_command.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/measure/results/console_table.h"
#include "sim/measure/results/output_folder.h"
#include "sim/measure/results/write_results.h"
#include "sim/run/dry_run.h"
#include "sim/run/plan_csv.h"
#include "sim/run/run_scenario.h"

namespace sim {
namespace {

int not_carried_out(const Scenario& scenario, const std::string& why) {
  std::fprintf(stderr, "%s: not carried out: %s\n", scenario.name.c_str(), why.c_str());
  return kNotCarriedOut;
}

std::filesystem::path folder_for(const std::string& name, const RunCommand& command) {
  return command.out.empty() ? "results/" + name : command.out;
}

int plan_one(const Scenario& scenario, const RunCommand& command) {
  const std::filesystem::path folder = folder_for(scenario.name, command);
  const auto rows = dry_run(scenario, folder);
  if (!rows) return not_carried_out(scenario, rows.error().message());
  std::printf("%s: %llu things planned, nothing run: %s\n", scenario.name.c_str(),
              static_cast<unsigned long long>(*rows), (folder / kPlanFile).c_str());
  return kDone;
}

int run_one(const Scenario& scenario, const RunCommand& command) {
  const std::filesystem::path shown = folder_for(scenario.name, command);
  auto folder = OutputFolder::create(shown);
  if (!folder) return not_carried_out(scenario, folder.error().message());

  // A live run listens by itself.
  std::optional<SignalFlag> told_to_stop;
  RunOptions options;
  if (scenario.clock == ClockKind::kVirtual) {
    options.interrupted = &told_to_stop.emplace().raised();
  }
  options.log_folder = (*folder)->partial() / "logs";
  options.log_level = command.log_level;
  std::optional<ProgressDisplay> display;
  if (!command.quiet) {
    display.emplace(scenario.name);
    options.on_progress = [&](const Progress& progress) { display->show(progress); };
  }
  auto run = run_scenario(scenario, options);
  display.reset();
  if (!run) return not_carried_out(scenario, run.error().message);

  if (const auto error = write_results(scenario, *run, (*folder)->partial())) {
    return not_carried_out(scenario, error->message());
  }
  if (const auto error = (*folder)->publish()) return not_carried_out(scenario, error->message());
  std::fputs(console_table(scenario, *run, shown).c_str(), stdout);
  std::fflush(stdout);
  if (!run->complete) return kInterrupted;
  const bool held = std::all_of(run->expectations.begin(), run->expectations.end(),
                                [](const ExpectationResult& result) { return result.held; });
  return held ? kDone : kNotHeld;
}

int run_file(const LoadedFile& file, const RunCommand& command) {
  const auto clock = std::visit([](const auto& each) { return each.clock; }, file);
  if (command.asks_for_logs && clock == ClockKind::kVirtual) {
    std::fprintf(stderr, "--log: servers write no logs in virtual time\n");
  }
  if (const auto* sweep = std::get_if<Sweep>(&file)) {
    return run_sweep_command(*sweep, command, folder_for(sweep->name, command));
  }
  const Scenario& scenario = std::get<Scenario>(file);
  return command.dry_run ? plan_one(scenario, command) : run_one(scenario, command);
}

std::optional<std::vector<LoadedFile>> load(const RunCommand& command) {
  if (!command.dry_run) return load_files(command.files, command.load);
  auto scenarios = load_scenarios(command.files, command.load);
  if (!scenarios) return std::nullopt;
  return std::vector<LoadedFile>(std::make_move_iterator(scenarios->begin()),
                                 std::make_move_iterator(scenarios->end()));
}

// What is wrong with running these files together, and so; empty where nothing is.
std::string refuse(const std::vector<LoadedFile>& files, const RunCommand& command) {
  std::set<std::string> names;
  bool sweeps = false;
  bool live_sweeps = false;
  for (const LoadedFile& file : files) {
    const auto [name, path] =
        std::visit([](const auto& each) { return std::pair(each.name, each.file); }, file);
    if (!names.insert(name).second) {
      return fmt::format(
          "{}: name: '{}' is the name of an earlier file's scenario too, and would replace its "
          "results",
          path, name);
    }
    const auto* sweep = std::get_if<Sweep>(&file);
    sweeps |= sweep != nullptr;
    live_sweeps |= sweep != nullptr && sweep->clock == ClockKind::kLive;
  }
  if (command.resume && !sweeps) return "--resume goes on with a sweep, but no scenario has one";
  if (command.jobs && !sweeps) return "--jobs is of sweeps, but no scenario has one";
  if (command.jobs.value_or(1) > 1 && live_sweeps) {
    return "--jobs: the points of a live sweep run one at a time, as they would disturb each other";
  }
  return "";
}

}  // namespace

int run_command(const RunCommand& command) {
  if (!command.out.empty() && command.files.size() > 1) {
    std::fprintf(stderr, "--out names the folder of one scenario, but %zu are given\n",
                 command.files.size());
    return kBadUsage;
  }
  const auto loaded = load(command);
  if (!loaded) return kBadUsage;
  if (const std::string why = refuse(*loaded, command); !why.empty()) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return kBadUsage;
  }
  int worst = kDone;
  for (const LoadedFile& file : *loaded) {
    const int status = run_file(file, command);
    if (status == kInterrupted) return status;
    worst = std::max(worst, status);
  }
  return worst;
}

}  // namespace sim
