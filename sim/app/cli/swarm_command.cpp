#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/app/swarm/swarm.h"
#include "sim/measure/results/human.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostShrinkingRuns = 2'000;

std::string words(std::uint64_t count) { return with_separators(static_cast<std::int64_t>(count)); }

// How many runs are done, on standard error: one live line on a terminal, a line now and then
// elsewhere.
class RunsDisplay {
 public:
  explicit RunsDisplay(std::uint64_t runs)
      : runs_(words(runs)), terminal_(isatty(STDERR_FILENO) == 1) {}
  ~RunsDisplay() { wipe(); }
  RunsDisplay(const RunsDisplay&) = delete;
  RunsDisplay& operator=(const RunsDisplay&) = delete;

  void show(std::uint64_t done) {
    const auto now = Clock::now();
    if (now - shown_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(5))) {
      return;
    }
    shown_ = now;
    wipe();
    std::fprintf(stderr, "swarm: %s of %s runs%s", words(done).c_str(), runs_.c_str(),
                 terminal_ ? "" : "\n");
    std::fflush(stderr);
    drawn_ = terminal_;
  }

 private:
  void wipe() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
    drawn_ = false;
  }

  std::string runs_;
  bool terminal_, drawn_ = false;
  Clock::time_point shown_ = Clock::now();
};

// Where the scenario goes where nobody says: no file that is there already.
std::string free_name(std::uint64_t seed) {
  std::string name = fmt::format("swarm-{}.json", seed);
  for (int n = 2; std::filesystem::exists(name); ++n) {
    name = fmt::format("swarm-{}-{}.json", seed, n);
  }
  return name;
}

// Why it could not be written; empty: it is. Never over a file that is there.
std::string write_new(const std::string& file, const std::string& text) {
  const auto close = [](std::FILE* stream) { std::fclose(stream); };
  std::unique_ptr<std::FILE, decltype(close)> stream(std::fopen(file.c_str(), "wbx"), close);
  const bool good = stream != nullptr &&
                    std::fwrite(text.data(), 1, text.size(), stream.get()) == text.size() &&
                    std::fputc('\n', stream.get()) == '\n' && std::fflush(stream.get()) == 0;
  if (good) return "";
  return fmt::format("{}: cannot be written: {}", file, std::generic_category().message(errno));
}

int tell_failure(const SwarmFailure& failure, const SwarmCommand& command,
                 const SignalFlag& told_to_stop) {
  std::printf("seed %llu fails: %s\n", static_cast<unsigned long long>(failure.seed),
              failure.verdict.failures.front().sentence.c_str());
  std::printf("again: herdsim swarm --seed %llu --runs 1\n",
              static_cast<unsigned long long>(failure.seed));
  std::fflush(stdout);
  const SmallFailure small = make_small(failure, kMostShrinkingRuns, &told_to_stop.raised());
  const std::string file = command.out.empty() ? free_name(failure.seed) : command.out;
  const std::string error = write_new(file, small.scenario);
  if (!error.empty()) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return kNotCarriedOut;
  }
  std::printf("made small in %s runs: %s\n%s\n", words(small.runs).c_str(),
              small.failure.sentence.c_str(), file.c_str());
  return told_to_stop.raised() ? kInterrupted : kNotHeld;
}

}  // namespace

int swarm_command(const SwarmCommand& command) {
  if (command.seed > static_cast<std::uint64_t>(kMaxSeed) ||
      command.runs > static_cast<std::uint64_t>(kMaxSeed) - command.seed) {
    std::fprintf(stderr, "--seed and --runs together are more than the largest seed, %lld\n",
                 static_cast<long long>(kMaxSeed));
    return kBadUsage;
  }
  if (!command.out.empty() && std::filesystem::exists(command.out)) {
    std::fprintf(stderr, "%s is there already\n", command.out.c_str());
    return kNotCarriedOut;
  }
  const SignalFlag told_to_stop;
  const auto began = Clock::now();
  SwarmOptions options;
  options.seed = command.seed;
  options.runs = command.runs;
  options.jobs =
      command.jobs > 0 ? command.jobs : std::max(1U, std::thread::hardware_concurrency());
  options.interrupted = &told_to_stop.raised();
  SwarmReport report;
  {
    RunsDisplay display(command.runs);
    if (!command.quiet) {
      options.on_progress = [&](std::uint64_t done) { display.show(done); };
    }
    report = run_swarm(options);
  }
  if (report.failure) return tell_failure(*report.failure, command, told_to_stop);
  std::printf("%s runs, %s updates, %s messages, no violation, %s\n", words(report.runs).c_str(),
              words(report.updates).c_str(), words(report.messages).c_str(),
              human_duration(Clock::now() - began).c_str());
  return told_to_stop.raised() ? kInterrupted : kDone;
}

}  // namespace sim
