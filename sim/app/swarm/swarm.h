// A fault swarm: draws scenarios at random, plays each in virtual time under the checker until one
// fails, and reduces the one that failed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/app/swarm/verdict.h"

namespace sim {

// Run i of a swarm draws its scenario from seed + i. So the same run is run 0 of a swarm with that
// seed.
struct SwarmOptions {
  std::uint64_t seed = 1;  // seed + runs <= kMaxSeed
  std::uint64_t runs = 100;
  unsigned jobs = 1;  // threads, >= 1
  // Called after each run with the number of runs done, by any of the threads but one at a time.
  // May be empty.
  std::function<void(std::uint64_t)> on_progress;
  const std::atomic<bool>* interrupted =
      nullptr;  // if it becomes true, the swarm ends early; may be null
};

struct SwarmFailure {
  std::uint64_t seed = 0;  // from which the run's scenario was drawn
  std::string scenario;    // the JSON text as drawn
  Verdict verdict;
};

struct SwarmReport {
  std::uint64_t runs = 0;                   // number of completed runs
  std::uint64_t updates = 0, messages = 0;  // in those runs, all herds together
  // The failing run with the lowest number, whatever the number of threads.
  std::optional<SwarmFailure> failure;
};

// Starts the threads, waits for them, and returns the report.
SwarmReport run_swarm(const SwarmOptions& options);

// Returns the extra checks for the run of this seed: some runs are played twice, some over the
// other wire.
VerdictOptions checks_for(std::uint64_t seed);

struct SmallFailure {
  std::string scenario;  // JSON text; its `about` says how it fails
  Failure failure;
  std::size_t runs = 0;  // runs that the reduction took
};

// Reduces a failing run's scenario with at most `most_runs` runs. The result still fails in the way
// that its verdict names first.
SmallFailure make_small(const SwarmFailure& failure, std::size_t most_runs,
                        const std::atomic<bool>* interrupted = nullptr);

}  // namespace sim
