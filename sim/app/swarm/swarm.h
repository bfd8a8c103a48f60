// A fault swarm: scenarios drawn at random, each played in virtual time under the checker, until
// one fails or all have been played; and one that failed made small.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/app/swarm/verdict.h"

namespace sim {

// Run i of a swarm draws its scenario from seed + i, so that it is run 0 of a swarm of that seed.
struct SwarmOptions {
  std::uint64_t seed = 1;  // seed + runs <= kMaxSeed
  std::uint64_t runs = 100;
  unsigned jobs = 1;  // threads, >= 1
  // Called now and then with the number of runs that are done, by any of the threads, but by one at
  // a time. May be empty.
  std::function<void(std::uint64_t)> on_progress;
  const std::atomic<bool>* interrupted = nullptr;  // once true the swarm ends early; may be null
};

struct SwarmFailure {
  std::uint64_t seed = 0;  // of the run
  std::string scenario;    // as drawn
  Verdict verdict;
};

struct SwarmReport {
  std::uint64_t runs = 0;                   // that were played to their end
  std::uint64_t updates = 0, messages = 0;  // in them
  // The failing run with the lowest number, whatever the number of threads.
  std::optional<SwarmFailure> failure;
};

// Starts its threads and waits for them.
SwarmReport run_swarm(const SwarmOptions& options);

// What is looked at in the run of a seed: some runs are played again, some over the other wire.
VerdictOptions checks_for(std::uint64_t seed);

struct SmallFailure {
  std::string scenario;  // small, with a name and a sentence on what it breaks
  Failure failure;
  std::size_t runs = 0;  // that it took
};

// Makes a failing run's scenario small; it still fails in the way that its verdict names first.
SmallFailure make_small(const SwarmFailure& failure, std::size_t most_runs,
                        const std::atomic<bool>* interrupted = nullptr);

}  // namespace sim
