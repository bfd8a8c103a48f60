// Schedulers tell each process that they start its number and the number of all, in environment
// variables. This reads them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/result.h"
#include "sim/app/shards/shard.h"

namespace sim {

// Returns the value of a variable; null if it is not set. ::getenv is one.
using Environment = std::function<const char*(const char* name)>;

struct ScheduledShard {
  Shard shard;
  std::string source;  // the variable that says so, with its value
};

// Returns the shard that the scheduler means. `of` is the number of shards if the caller knows it;
// some schedulers do not tell. Returns an error for people if no scheduler says a number, if two
// do, or if it is none of 1 to N or 0 to N - 1.
herd::Result<ScheduledShard, std::string> scheduled_shard(const Environment& environment,
                                                          std::optional<std::uint64_t> of);

struct ParallelLaunch {
  std::string launcher;         // for example "mpirun"
  std::uint64_t processes = 0;  // at least 2
  std::string source;           // the variable that says so, with its value
};

// Returns how this process was started if a launcher has started the same command several times at
// once.
std::optional<ParallelLaunch> parallel_launch(const Environment& environment);

}  // namespace sim
