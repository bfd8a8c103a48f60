#include "sim/app/swarm/swarm.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "sim/app/swarm/draw_scenario.h"
#include "sim/app/swarm/shrink.h"
#include "sim/base/io/start_thread.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

class Swarm {
 public:
  explicit Swarm(const SwarmOptions& options) : options_(options) {}

  SwarmReport run() {
    run_on_threads(std::min<std::uint64_t>(options_.jobs, options_.runs), [this] { work(); });
    return std::move(report_);
  }

 private:
  // Starts runs in the order of their numbers and none after one that failed, so every run before
  // the first failure is played.
  void work() {
    while (!is_interrupted()) {
      const std::uint64_t seed = options_.seed + next_.fetch_add(1);
      if (seed - options_.seed >= options_.runs || seed >= failed_.load()) return;
      std::string scenario = draw_scenario(seed);
      VerdictOptions checks = checks_for(seed);
      checks.interrupted = options_.interrupted;
      Verdict verdict = judge(scenario, checks);
      if (verdict.complete) note(seed, std::move(scenario), std::move(verdict));
    }
  }

  bool is_interrupted() const {
    return options_.interrupted != nullptr && options_.interrupted->load();
  }

  void note(std::uint64_t seed, std::string scenario, Verdict verdict) {
    const std::lock_guard lock(mutex_);
    ++report_.runs;
    report_.updates += verdict.updates;
    report_.messages += verdict.messages;
    if (!verdict.failures.empty() && seed < failed_.load()) {
      failed_.store(seed);
      report_.failure = SwarmFailure{seed, std::move(scenario), std::move(verdict)};
    }
    if (options_.on_progress) options_.on_progress(report_.runs);
  }

  const SwarmOptions& options_;
  std::atomic<std::uint64_t> next_ = 0;        // the number of the next run
  std::atomic<std::uint64_t> failed_ = ~0ULL;  // the lowest seed that failed
  std::mutex mutex_;                           // guards the report
  SwarmReport report_;
};

}  // namespace

SwarmReport run_swarm(const SwarmOptions& options) { return Swarm(options).run(); }

VerdictOptions checks_for(std::uint64_t seed) {
  VerdictOptions checks;
  checks.again = seed % 10 == 0;
  checks.other_wire = seed % 5 == 1;
  return checks;
}

SmallFailure make_small(const SwarmFailure& failure, std::size_t most_runs,
                        const std::atomic<bool>* interrupted) {
  const Failure& first = failure.verdict.failures.front();
  VerdictOptions checks = checks_for(failure.seed);
  checks.interrupted = interrupted;
  const auto found = [&](const std::string& text) -> std::optional<Failure> {
    const Verdict verdict = judge(text, checks);
    for (const Failure& each : verdict.failures) {
      if (each.kind == first.kind) return each;
    }
    return std::nullopt;
  };
  const Shrunk shrunk = shrink(
      failure.scenario, [&](const std::string& text) { return found(text).has_value(); },
      most_runs);
  SmallFailure small;
  small.runs = shrunk.runs;
  small.failure = found(shrunk.text).value_or(first);
  const OwnedJson root = parse_json(shrunk.text);
  put(root.get(), "about",
      fmt::format("Drawn by herdsim swarm from seed {}. It fails: {}.", failure.seed,
                  small.failure.sentence));
  small.scenario = dump_json(root.get(), 2);
  return small;
}

}  // namespace sim
