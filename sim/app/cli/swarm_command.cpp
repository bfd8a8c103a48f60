// `herdsim swarm`: plays random scenarios in virtual time until one has a violation.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/runs_display.h"
#include "sim/app/cli/shard_option.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/app/cli/swarm_json.h"
#include "sim/app/cli/text_sink.h"
#include "sim/app/swarm/findings.h"
#include "sim/app/swarm/repeat.h"
#include "sim/app/swarm/swarm.h"
#include "sim/measure/results/human.h"
#include "sim/measure/results/output_folder.h"
#include "sim/measure/results/utc_now.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMostRuns = 1'000'000'000;
constexpr std::size_t kMostShrinkingRuns = 2'000;

enum class SwarmFormat { kText, kJson };

struct SwarmCommand {
  std::uint64_t runs = 100;      // in [1, kMostRuns]
  std::uint64_t seed = 1;        // of the first scenario; each further one has the next seed
  std::optional<unsigned> jobs;  // threads; nullopt: one per core
  // The file for the scenario that fails; empty: a free name, swarm-SEED.json. With a shard, its
  // folder; empty: results/swarm.shards/I-of-N.
  std::string out;
  std::string shard_option;  // as given; empty: none
  SwarmFormat format = SwarmFormat::kText;
  bool quiet = false;
};

std::string words(std::uint64_t count) { return with_separators(static_cast<std::int64_t>(count)); }

// Returns the name of a file that does not exist.
std::string free_name(std::uint64_t seed) {
  std::string name = fmt::format("swarm-{}.json", seed);
  for (int n = 2; std::filesystem::exists(name); ++n) {
    name = fmt::format("swarm-{}-{}.json", seed, n);
  }
  return name;
}

// Creates the file and writes the text; never overwrites one that exists. Returns what went wrong,
// or an empty string.
std::string write_new(const std::string& file, const std::string& text) {
  const auto close = [](std::FILE* stream) { std::fclose(stream); };
  std::unique_ptr<std::FILE, decltype(close)> stream(std::fopen(file.c_str(), "wbx"), close);
  const bool good = stream != nullptr &&
                    std::fwrite(text.data(), 1, text.size(), stream.get()) == text.size() &&
                    std::fputc('\n', stream.get()) == '\n' && std::fflush(stream.get()) == 0;
  if (good) return "";
  return fmt::format("{}: cannot be written: {}", file, std::generic_category().message(errno));
}

// Writes the text and a newline to standard output, or to the new file. Returns what went wrong, or
// an empty string.
std::string write_scenario(const std::string& file, const std::string& text) {
  if (file != kStandardOutput) return write_new(file, text);
  std::printf("%s\n", text.c_str());
  return "";
}

// If the scenario goes to standard output, words do not.
std::FILE* stream_of_words(const SwarmCommand& command) {
  return command.out == kStandardOutput ? stderr : stdout;
}

// The file for the scenario that failed, and its name for people.
struct ScenarioFile {
  std::string path, shown;
};

ScenarioFile scenario_file(const SwarmCommand& command, std::uint64_t seed) {
  const std::string file = command.out.empty() ? free_name(seed) : command.out;
  return {file, file == kStandardOutput ? "standard output" : file};
}

// Reduces the scenario that failed, writes it, and prints what fails and how to repeat it.
int report_failure(const SwarmReport& report, const SwarmCommand& command, const ScenarioFile& file,
                   const SignalFlag& told_to_stop) {
  const SwarmFailure& failure = *report.failure;
  const bool is_json = command.format == SwarmFormat::kJson;
  std::FILE* const words_to = stream_of_words(command);
  if (!is_json) {
    std::fprintf(words_to, "seed %llu fails: %s\nto repeat it: %s\n",
                 static_cast<unsigned long long>(failure.seed),
                 failure.verdict.failures.front().sentence.c_str(),
                 command_to_repeat(failure.seed).c_str());
    std::fflush(words_to);
  }
  const SmallFailure small = make_small(failure, kMostShrinkingRuns, &told_to_stop.raised());
  const std::string error = write_scenario(file.path, small.scenario);
  if (!error.empty()) std::fprintf(stderr, "%s\n", error.c_str());
  if (is_json) {
    const SwarmEnd end{command.seed, !told_to_stop.raised(), &small,
                       error.empty() ? file.shown : ""};
    std::fputs(swarm_json(report, end).c_str(), stdout);
  }
  if (!error.empty()) return kNotCarriedOut;
  if (!is_json) {
    std::fprintf(words_to,
                 "reduced in %s runs to a small scenario that fails too: %s\nwritten to %s\n",
                 words(small.runs).c_str(), small.failure.sentence.c_str(), file.shown.c_str());
  }
  return told_to_stop.raised() ? kInterrupted : kNotHeld;
}

// Prints how many runs have passed.
void print_passed(const SwarmReport& report, const SwarmCommand& command, bool is_complete,
                  herd::Duration took) {
  if (command.format == SwarmFormat::kJson) {
    std::fputs(swarm_json(report, {command.seed, is_complete, nullptr, ""}).c_str(), stdout);
    return;
  }
  std::fprintf(stream_of_words(command), "%s runs, %s updates, %s messages, no violation, %s\n",
               words(report.runs).c_str(), words(report.updates).c_str(),
               words(report.messages).c_str(), human_duration(took).c_str());
}

// Returns why the options cannot be used together; empty if they can.
std::string why_not_playable(const SwarmCommand& command) {
  if (command.runs > static_cast<std::uint64_t>(kMaxSeed) - command.seed) {
    return fmt::format("--seed and --runs: the last seed would be above the largest, {}", kMaxSeed);
  }
  if (command.out == kStandardOutput && !command.shard_option.empty()) {
    return "--out: a shard writes a folder (name one)";
  }
  if (command.out == kStandardOutput && command.format == SwarmFormat::kJson) {
    return "--out: the JSON has the scenario, so standard output cannot have it too (name a file)";
  }
  return "";
}

SwarmReport play(const SwarmCommand& command, const SignalFlag& told_to_stop) {
  SwarmOptions options;
  options.seed = command.seed;
  options.runs = command.runs;
  options.jobs = command.jobs.value_or(std::max(1U, std::thread::hardware_concurrency()));
  options.interrupted = &told_to_stop.raised();
  RunsDisplay display(command.runs);
  if (!command.quiet) {
    options.on_progress = [&](std::uint64_t done) { display.show(done); };
  }
  return run_swarm(options);
}

// Plays the seeds and prints what was found. `file_of` gives the place of the scenario of a seed.
template <class FileOf>
std::pair<SwarmReport, int> play_and_report(const SwarmCommand& command, const FileOf& file_of) {
  const SignalFlag told_to_stop;
  const auto began = Clock::now();
  SwarmReport report = play(command, told_to_stop);
  if (report.failure) {
    const ScenarioFile file = file_of(report.failure->seed);
    const int status = report_failure(report, command, file, told_to_stop);
    return {std::move(report), status};
  }
  print_passed(report, command, !told_to_stop.raised(), Clock::now() - began);
  return {std::move(report), told_to_stop.raised() ? kInterrupted : kDone};
}

SwarmPart part_of_report(const SeedRange& seeds, const SwarmReport& report, int status) {
  SwarmPart part;
  part.seeds = seeds;
  part.complete = status != kInterrupted || report.failure.has_value();
  part.runs = report.runs;
  part.updates = report.updates;
  part.messages = report.messages;
  if (report.failure) {
    const SwarmFailure& failure = *report.failure;
    part.finding = SwarmFinding{failure.seed, {}, findings_file(failure.seed)};
    for (const Failure& each : failure.verdict.failures) {
      part.finding->failures.push_back(each.sentence);
    }
  }
  return part;
}

int fail_shard(const std::string& why) {
  std::fprintf(stderr, "herdsim swarm: %s\n", why.c_str());
  return kNotCarriedOut;
}

// Plays a shard's seeds and writes what it has found to a results folder.
int swarm_shard(const SwarmCommand& command, const Shard& shard) {
  const std::filesystem::path shown =
      command.out.empty() ? "results/swarm.shards/" + folder_name(shard) : command.out;
  auto folder = OutputFolder::create(shown);
  if (!folder) return fail_shard(folder.error().message());
  SwarmFindings findings{{command.seed, command.runs}, to_string(shard), {}, utc_now()};
  const SeedRange seeds = part_of(findings.all, shard);
  SwarmCommand own = command;
  own.seed = seeds.first;
  own.runs = seeds.count;
  own.quiet |= seeds.count == 0;
  const auto file_of = [&](std::uint64_t seed) {
    const std::string name = findings_file(seed);
    return ScenarioFile{((*folder)->partial() / name).string(), (shown / name).string()};
  };
  const auto [report, status] = play_and_report(own, file_of);
  if (status == kNotCarriedOut) return status;
  findings.parts.push_back(part_of_report(seeds, report, status));
  if (const auto error = write_findings(findings, (*folder)->partial())) {
    return fail_shard((*folder)->for_people(error->message()));
  }
  const auto place = (*folder)->publish();
  if (!place) return fail_shard((*folder)->for_people(place.error().message()));
  if (command.format == SwarmFormat::kText) {
    std::printf("shard %s of %s is in %s (herdsim gather joins the shards)\n",
                to_string(shard).c_str(), to_string(findings.all).c_str(), place->c_str());
  }
  return status;
}

int swarm(const SwarmCommand& command) {
  std::string why = why_not_playable(command);
  if (why.empty()) why = why_not_alone(command.shard_option);
  const auto shard = chosen_shard(why.empty() ? command.shard_option : "");
  if (why.empty() && !shard) why = shard.error();
  if (!why.empty()) {
    std::fprintf(stderr, "herdsim swarm: %s\n", why.c_str());
    return kBadUsage;
  }
  if (*shard) return swarm_shard(command, **shard);
  if (command.out != kStandardOutput && std::filesystem::exists(command.out)) {
    std::fprintf(stderr, "%s: exists already, and swarm replaces no file (name another)\n",
                 command.out.c_str());
    return kNotCarriedOut;
  }
  return play_and_report(command, [&](std::uint64_t seed) { return scenario_file(command, seed); })
      .second;
}

}  // namespace

Command add_swarm_command(CLI::App& program) {
  const auto command = std::make_shared<SwarmCommand>();
  CLI::App& parser = *program.add_subcommand(
      "swarm", "Run random scenarios in virtual time until one has a violation");
  parser.add_option("--runs", command->runs, "Number of scenarios (default: 100)")
      ->type_name("N")
      ->check(whole_number(1, kMostRuns));
  parser
      .add_option("--seed", command->seed,
                  "Random seed of the first scenario; each further one has the next seed (default: "
                  "1)")
      ->type_name("N")
      ->check(whole_number(0, static_cast<std::uint64_t>(kMaxSeed)));
  add_jobs_option(parser, command->jobs,
                  "Number of scenarios to run in parallel (default: number of cores)");
  add_shard_option(parser, command->shard_option,
                   "Play only this part of the seeds, shard I of N, and write what it finds to "
                   "results/swarm.shards/I-of-N/; gather joins the shards. auto: the part that "
                   "Slurm's array, Kubernetes, GitLab or mpirun says; auto/N: the same, of N");
  add_out_file_option(parser, command->out,
                      "Write the scenario that fails, reduced, to this new file; -: to standard "
                      "output (default: swarm-SEED.json). With --shard: the folder of the shard");
  add_choice_option<SwarmFormat>(parser, "--format", command->format,
                                 {{"text", SwarmFormat::kText}, {"json", SwarmFormat::kJson}},
                                 "Format of what is printed (default: text)");
  add_quiet_option(parser, command->quiet);
  parser.footer("Example: herdsim swarm --runs 1000");
  return {&parser, [command] { return swarm(*command); }};
}

}  // namespace sim
