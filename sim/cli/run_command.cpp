#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "sim/cli/commands.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/load_files.h"
#include "sim/cli/progress_display.h"
#include "sim/results/console_table.h"
#include "sim/results/output_folder.h"
#include "sim/results/write_results.h"
#include "sim/run/dry_run.h"
#include "sim/run/live_run.h"
#include "sim/run/plan_csv.h"
#include "sim/run/virtual_run.h"

namespace sim {
namespace {

int not_carried_out(const Scenario& scenario, const std::string& why) {
  std::fprintf(stderr, "%s: not carried out: %s\n", scenario.name.c_str(), why.c_str());
  return kNotCarriedOut;
}

std::filesystem::path folder_for(const Scenario& scenario, const RunCommand& command) {
  return command.out.empty() ? "results/" + scenario.name : command.out;
}

int plan_one(const Scenario& scenario, const RunCommand& command) {
  const std::filesystem::path folder = folder_for(scenario, command);
  const auto rows = dry_run(scenario, folder);
  if (!rows) return not_carried_out(scenario, rows.error().message());
  std::printf("%s: %llu things planned, nothing run: %s\n", scenario.name.c_str(),
              static_cast<unsigned long long>(*rows), (folder / kPlanFile).c_str());
  return kDone;
}

int run_one(const Scenario& scenario, const RunCommand& command) {
  const std::filesystem::path shown = folder_for(scenario, command);
  auto folder = OutputFolder::create(shown);
  if (!folder) return not_carried_out(scenario, folder.error().message());

  LiveRunOptions options;
  options.log_folder = (*folder)->partial() / "logs";
  options.log_level = command.log_level;
  std::optional<ProgressDisplay> display;
  if (!command.quiet) {
    display.emplace(scenario.name);
    options.on_progress = [&](const Progress& progress) { display->show(progress); };
  }
  auto run = scenario.clock == ClockKind::kVirtual
                 ? run_virtual(scenario, {.on_progress = options.on_progress})
                 : run_live(scenario, options);
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

}  // namespace

int run_command(const RunCommand& command) {
  if (!command.out.empty() && command.files.size() > 1) {
    std::fprintf(stderr, "--out names the folder of one scenario, but %zu are given\n",
                 command.files.size());
    return kBadUsage;
  }
  const auto scenarios = load_files(command.files, command.load);
  if (!scenarios) return kBadUsage;
  std::set<std::string> names;
  for (const Scenario& scenario : *scenarios) {
    if (names.insert(scenario.name).second) continue;
    std::fprintf(stderr,
                 "%s: name: '%s' is the name of an earlier file's scenario too, and would "
                 "replace its results\n",
                 scenario.file.c_str(), scenario.name.c_str());
    return kBadUsage;
  }
  int worst = kDone;
  for (const Scenario& scenario : *scenarios) {
    const int status = command.dry_run ? plan_one(scenario, command) : run_one(scenario, command);
    if (status == kInterrupted) return status;
    worst = std::max(worst, status);
  }
  return worst;
}

}  // namespace sim
