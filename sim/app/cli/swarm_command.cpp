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

#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/runs_display.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/app/swarm/swarm.h"
#include "sim/measure/results/human.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMostRuns = 1'000'000'000;
constexpr std::size_t kMostShrinkingRuns = 2'000;

struct SwarmCommand {
  std::uint64_t runs = 100;      // in [1, kMostRuns]
  std::uint64_t seed = 1;        // of the first scenario; each further one has the next seed
  std::optional<unsigned> jobs;  // threads; nullopt: one per core
  std::string out;               // for the scenario that fails; empty: a free name, swarm-SEED.json
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

// Prints what fails and how to repeat it, then writes a small scenario that fails too.
int report_failure(const SwarmFailure& failure, const SwarmCommand& command,
                   const SignalFlag& told_to_stop) {
  const auto seed = static_cast<unsigned long long>(failure.seed);
  std::printf("seed %llu fails: %s\n", seed, failure.verdict.failures.front().sentence.c_str());
  std::printf("to repeat it: herdsim swarm --seed %llu --runs 1\n", seed);
  std::fflush(stdout);
  const SmallFailure small = make_small(failure, kMostShrinkingRuns, &told_to_stop.raised());
  const std::string file = command.out.empty() ? free_name(failure.seed) : command.out;
  const std::string error = write_new(file, small.scenario);
  if (!error.empty()) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return kNotCarriedOut;
  }
  std::printf("reduced in %s runs to a small scenario that fails too: %s\nwritten to %s\n",
              words(small.runs).c_str(), small.failure.sentence.c_str(), file.c_str());
  return told_to_stop.raised() ? kInterrupted : kNotHeld;
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

int swarm(const SwarmCommand& command) {
  if (command.runs > static_cast<std::uint64_t>(kMaxSeed) - command.seed) {
    std::fprintf(
        stderr,
        "herdsim swarm: --seed and --runs: the last seed would be above the largest, %lld\n",
        static_cast<long long>(kMaxSeed));
    return kBadUsage;
  }
  if (!command.out.empty() && std::filesystem::exists(command.out)) {
    std::fprintf(stderr, "%s: exists already, and swarm replaces no file (name another)\n",
                 command.out.c_str());
    return kNotCarriedOut;
  }
  const SignalFlag told_to_stop;
  const auto began = Clock::now();
  const SwarmReport report = play(command, told_to_stop);
  if (report.failure) return report_failure(*report.failure, command, told_to_stop);
  std::printf("%s runs, %s updates, %s messages, no violation, %s\n", words(report.runs).c_str(),
              words(report.updates).c_str(), words(report.messages).c_str(),
              human_duration(Clock::now() - began).c_str());
  return told_to_stop.raised() ? kInterrupted : kDone;
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
  add_out_file_option(parser, command->out,
                      "Write the scenario that fails, reduced, to this new file (default: "
                      "swarm-SEED.json)");
  add_quiet_option(parser, command->quiet);
  parser.footer("Example: herdsim swarm --runs 1000");
  return {&parser, [command] { return swarm(*command); }};
}

}  // namespace sim
