// `herdsim run`: runs scenarios and sweeps one after the other, and writes their results.
#include "sim/app/cli/run_command.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/load_files.h"
#include "sim/app/cli/progress_display.h"
#include "sim/app/cli/run_checks.h"
#include "sim/app/cli/run_output.h"
#include "sim/app/cli/run_report.h"
#include "sim/app/cli/run_sweep_command.h"
#include "sim/app/cli/shard_option.h"
#include "sim/app/cli/shown_folder.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/app/compare/gate.h"
#include "sim/base/process/last_words.h"
#include "sim/measure/results/output_folder.h"
#include "sim/measure/results/write_results.h"
#include "sim/run/dry_run.h"
#include "sim/run/plan_csv.h"
#include "sim/run/run_scenario.h"

namespace sim {
namespace {

// Each adds to the output and returns the exit status.

int fail_run(const Scenario& scenario, RunOutput& output, const std::string& why) {
  output.add_failure(scenario.name, scenario.file, why);
  return kNotCarriedOut;
}

int plan_one(const Scenario& scenario, const RunCommand& command, RunOutput& output) {
  const std::filesystem::path folder = command.folder(scenario.name);
  const auto rows = dry_run(scenario, folder);
  if (!rows) return fail_run(scenario, output, rows.error().message());
  output.add_plan(scenario, *rows, folder / kPlanFile);
  return kDone;
}

herd::Result<RunResults, Error> play(const Scenario& scenario, const RunCommand& command,
                                     const std::filesystem::path& log_folder,
                                     const std::optional<SignalFlag>& told_to_stop) {
  RunOptions options;
  options.log_folder = log_folder;
  if (command.log_level) options.log_level = *command.log_level;
  if (told_to_stop) options.interrupted = &told_to_stop->raised();
  std::optional<ProgressDisplay> display;
  if (!command.quiet) {
    display.emplace(scenario.name);
    options.on_progress = [&](const Progress& progress) { display->show(progress); };
  }
  return run_scenario(scenario, options);
}

int status_of(const RunResults& run) {
  if (!run.complete) return kInterrupted;
  const bool held = std::all_of(run.expectations.begin(), run.expectations.end(),
                                [](const ExpectationResult& result) { return result.held; });
  return held ? kDone : kNotHeld;
}

// Writes the files and returns the folder that they are in, or what went wrong.
herd::Result<std::filesystem::path, std::string> store(const Scenario& scenario,
                                                       const RunResults& run, ReportForm report,
                                                       OutputFolder& folder) {
  try {
    if (const auto error = write_results(scenario, run, folder.partial())) {
      return folder.for_people(error->message());
    }
    add_report(report, folder);
    auto place = folder.publish();
    if (!place) return folder.for_people(place.error().message());
    return *place;
  } catch (const std::exception& error) {  // the figures are worth showing all the same
    return std::string("the files cannot be written: ") + words_of(error);
  }
}

int run_one(const Scenario& scenario, const RunCommand& command, RunOutput& output) {
  const std::filesystem::path shown = command.folder(scenario.name);
  auto folder = OutputFolder::create(shown);
  if (!folder) return fail_run(scenario, output, folder.error().message());
  // A live run listens for signals itself.
  std::optional<SignalFlag> told_to_stop;
  if (scenario.clock == ClockKind::kVirtual) told_to_stop.emplace();
  const auto run = play(scenario, command, (*folder)->partial() / "logs", told_to_stop);
  if (!run) return fail_run(scenario, output, (*folder)->for_people(run.error().message));
  const auto stored = store(scenario, *run, command.report, **folder);
  RunEnd end{shown_folder(stored, **folder, shown), status_of(*run), ""};
  if (!stored) {
    end.status = kNotCarriedOut;
    end.error = stored.error();
  }
  output.add_run(scenario, *run, end);
  return end.status;
}

int run_file(const LoadedFile& file, const RunCommand& command, RunOutput& output) {
  const auto clock = std::visit([](const auto& each) { return each.clock; }, file);
  const bool asks_for_logs = command.log_level.value_or(spdlog::level::off) != spdlog::level::off;
  if (asks_for_logs && clock == ClockKind::kVirtual) {
    std::fprintf(stderr, "--log: servers write no logs in virtual time\n");
  }
  if (const auto* sweep = std::get_if<Sweep>(&file)) {
    return run_sweep_command(*sweep, command, output);
  }
  const Scenario& scenario = std::get<Scenario>(file);
  return command.dry_run ? plan_one(scenario, command, output) : run_one(scenario, command, output);
}

std::optional<std::vector<LoadedFile>> load(const RunCommand& command) {
  if (!command.dry_run) return load_files(command.files, command.load, command.shard);
  auto scenarios = load_scenarios(command.files, command.load);
  if (!scenarios) return std::nullopt;
  return std::vector<LoadedFile>(std::make_move_iterator(scenarios->begin()),
                                 std::make_move_iterator(scenarios->end()));
}

// Decides which shard runs. Returns what is wrong, or an empty string.
std::string choose_shard(RunCommand& command) {
  if (std::string why = why_not_alone(command.shard_option); !why.empty()) return why;
  const auto shard = chosen_shard(command.shard_option);
  if (!shard) return shard.error();
  command.shard = *shard;
  return "";
}

int run(RunCommand command) {
  if (const std::string why = choose_shard(command); !why.empty()) {
    std::fprintf(stderr, "herdsim run: %s\n", why.c_str());
    return kBadUsage;
  }
  if (!command.out.empty() && command.files.size() > 1) {
    std::fprintf(
        stderr, "herdsim run: --out: names the results folder of one scenario, but %zu are given\n",
        command.files.size());
    return kBadUsage;
  }
  if (!command.columns.empty()) {
    if (const auto columns = read_metrics(command.columns); !columns) {
      std::fprintf(stderr, "herdsim run: --columns: %s\n", columns.error().what.c_str());
      return kBadUsage;
    }
  }
  const auto loaded = load(command);
  if (!loaded) return kBadUsage;
  if (const std::string why = why_not_runnable(*loaded, command); !why.empty()) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return kBadUsage;
  }
  RunOutput output(command.format);
  int worst = kDone;
  for (const LoadedFile& file : *loaded) {
    worst = std::max(worst, run_file(file, command, output));
    if (worst == kInterrupted) break;
  }
  output.finish(worst);
  return worst;
}

}  // namespace

void add_columns_option(CLI::App& command, std::string& columns) {
  command
      .add_option(
          "--columns", columns,
          "Of a sweep, show only these columns of summary.csv, with commas between them, and "
          "have only these in sweep.csv (default: all in sweep.csv)")
      ->type_name("LIST")
      ->check(name_of("column"));
}

void add_report_option(CLI::App& command, ReportForm& report) {
  add_choice_option<ReportForm>(command, "--report", report,
                                {{"html", ReportForm::kHtml}, {"none", ReportForm::kNone}},
                                "Write a page with all figures, report.html, or none (default: "
                                "html)");
}

Command add_run_command(CLI::App& program) {
  const auto command = std::make_shared<RunCommand>();
  CLI::App& parser =
      *program.add_subcommand("run", "Run scenarios and write their results to results/NAME/");
  parser.add_option("FILE", command->files, "Scenario files; -: standard input")->required();
  add_out_folder_option(parser, command->out, "Write the results to DIR instead of results/NAME/");
  add_seed_option(parser, command->load);
  add_clock_option(parser, command->load);
  add_set_option(parser, command->load);
  add_no_expect_option(parser, command->load);
  parser.add_flag("--dry-run", command->dry_run,
                  "Run nothing; write what would happen, and when, to plan.csv in the results "
                  "folder");
  add_jobs_option(parser, command->jobs,
                  "Number of sweep points to run in parallel (default: number of cores; live "
                  "sweeps: 1)");
  add_columns_option(parser, command->columns);
  add_shard_option(parser, command->shard_option,
                   "Run only this part of a sweep's points, shard I of N, to "
                   "results/NAME.shards/I-of-N/; gather joins the shards. auto: the part that "
                   "Slurm's array, Kubernetes, GitLab or mpirun says; auto/N: the same, of N");
  parser.add_flag("--resume", command->resume,
                  "Resume a sweep: run only the points that are not finished");
  add_report_option(parser, command->report);
  add_choice_option<RunFormat>(parser, "--format", command->format,
                               {{"text", RunFormat::kText}, {"json", RunFormat::kJson}},
                               "Format of what is printed (default: text)");
  add_quiet_option(parser, command->quiet);
  add_log_option(parser, command->log_level);
  parser.footer("Example: herdsim run scenarios/paper.json --clock virtual");
  return {&parser, [command] { return run(*command); }};
}

}  // namespace sim
