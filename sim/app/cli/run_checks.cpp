#include "sim/app/cli/run_checks.h"

#include <fmt/format.h>

#include <set>
#include <utility>
#include <variant>

namespace sim {
namespace {

// These return why the files cannot be run together, or with these options; empty if they can.

std::string check_names(const std::vector<LoadedFile>& files) {
  std::set<std::string> names;
  for (const LoadedFile& file : files) {
    const auto [name, path] =
        std::visit([](const auto& each) { return std::pair(each.name, each.file); }, file);
    if (names.insert(name).second) continue;
    return fmt::format(
        "{}: name: '{}' is an earlier file's name too, and its results would be replaced (give "
        "each scenario a name of its own)",
        path, name);
  }
  return "";
}

std::string check_sweep_options(const std::vector<LoadedFile>& files, const RunCommand& command) {
  bool sweeps = false;
  bool only_sweeps = true;
  bool live_sweeps = false;
  for (const LoadedFile& file : files) {
    const auto* sweep = std::get_if<Sweep>(&file);
    sweeps |= sweep != nullptr;
    only_sweeps &= sweep != nullptr;
    live_sweeps |= sweep != nullptr && sweep->clock == ClockKind::kLive;
  }
  if (command.resume && !sweeps)
    return "herdsim run: --resume: there is no sweep to resume in these scenarios";
  if (!command.columns.empty() && !sweeps)
    return "herdsim run: --columns: is for sweeps, and these scenarios have none";
  if (command.jobs && !sweeps)
    return "herdsim run: --jobs: is for sweeps, and these scenarios have none";
  if (command.shard && !only_sweeps)
    return "herdsim run: --shard: is for sweeps, and one of these scenarios has none";
  if (command.shard && !command.columns.empty())
    return "herdsim run: --columns: a shard has no sweep.csv (give --columns to gather)";
  if (command.shard && command.report == ReportForm::kHtml)
    return "herdsim run: --report: a shard has no page (gather writes that of the sweep)";
  if (command.jobs.value_or(1) > 1 && live_sweeps) {
    return "herdsim run: --jobs: the points of a live sweep run one at a time, because they would "
           "disturb each other (leave --jobs out, or use --clock virtual)";
  }
  return "";
}

}  // namespace

std::string why_not_runnable(const std::vector<LoadedFile>& files, const RunCommand& command) {
  std::string why = check_names(files);
  return why.empty() ? check_sweep_options(files, command) : why;
}

}  // namespace sim
