#include "sim/app/shards/scheduler.h"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "sim/base/text/numbers.h"

namespace sim {
namespace {

using Found = herd::Result<ScheduledShard, std::string>;

std::optional<std::uint64_t> number_of(const Environment& environment, const char* name) {
  const char* const text = environment(name);
  return text == nullptr ? std::nullopt : read_whole<std::uint64_t>(text);
}

std::string setting(const Environment& environment, const char* name) {
  return fmt::format("{}={}", name, environment(name));
}

// The variables of one kind of launcher or scheduler.
struct Variables {
  const char* launcher;
  const char* number;
  const char* count;
  std::uint64_t first;  // the lowest number
};

// Launchers that start one command several times at once. mpirun starts its own helpers with srun,
// so its variables count first.
constexpr std::array kLaunchers = {
    Variables{"mpirun", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", 0},
    Variables{"mpiexec", "PMI_RANK", "PMI_SIZE", 0},
    Variables{"srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", 0},
};
constexpr Variables kGitLab = {"GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", 1};
constexpr const char* kArrayTask = "SLURM_ARRAY_TASK_ID";
constexpr const char* kCompletion = "JOB_COMPLETION_INDEX";

// Returns the variables of the launcher that has started several processes; null if none has.
const Variables* launcher_of(const Environment& environment) {
  for (const Variables& each : kLaunchers) {
    const auto count = number_of(environment, each.count);
    if (count && number_of(environment, each.number)) return *count > 1 ? &each : nullptr;
  }
  return nullptr;
}

Found shard_in(const Environment& environment, const char* name, std::uint64_t first,
               std::uint64_t count, std::optional<std::uint64_t> of) {
  std::string source = setting(environment, name);
  const std::uint64_t number = number_of(environment, name).value_or(0);
  if (of && *of != count) {
    return fmt::format("{} is one of {} processes, and --shard has {} parts (start as many)",
                       source, count, *of);
  }
  if (count > kMostShards || number < first || number - first >= count) {
    return fmt::format("{} is not one of {} numbers from {} on (use --shard I/N)", source, count,
                       first);
  }
  return ScheduledShard{{number - first + 1, count}, std::move(source)};
}

Found shard_of_variables(const Environment& environment, const Variables& variables,
                         std::optional<std::uint64_t> of) {
  return shard_in(environment, variables.number, variables.first,
                  number_of(environment, variables.count).value_or(0), of);
}

// Only an array of 1 to N or 0 to N - 1 says which part is meant: a single task that is started
// again, as an array of 3 alone, does not.
Found shard_of_array(const Environment& environment, std::optional<std::uint64_t> of) {
  const auto count = number_of(environment, "SLURM_ARRAY_TASK_COUNT");
  const auto first = number_of(environment, "SLURM_ARRAY_TASK_MIN");
  const auto last = number_of(environment, "SLURM_ARRAY_TASK_MAX");
  if (!count || !first || !last || *first > 1 || *last < *first || *last - *first + 1 != *count) {
    return fmt::format("{} is of an array that is neither 1 to N nor 0 to N - 1 (use --shard I/N)",
                       setting(environment, kArrayTask));
  }
  return shard_in(environment, kArrayTask, *first, *count, of);
}

Found shard_of_completion(const Environment& environment, std::optional<std::uint64_t> of) {
  if (of) return shard_in(environment, kCompletion, 0, *of, of);
  return fmt::format(
      "{} says which part, but nothing says of how many (use --shard auto/N, with the number of "
      "completions)",
      setting(environment, kCompletion));
}

}  // namespace

Found scheduled_shard(const Environment& environment, std::optional<std::uint64_t> of) {
  std::vector<const char*> names;  // the variables that say a number
  for (const char* const name : {kArrayTask, kCompletion, kGitLab.number}) {
    if (environment(name) != nullptr) names.push_back(name);
  }
  const Variables* const launcher = launcher_of(environment);
  if (launcher != nullptr) names.push_back(launcher->number);
  if (names.empty()) {
    return std::string(
        "no scheduler says which part this is: none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, "
        "CI_NODE_INDEX is set, and neither mpirun nor srun has started several processes (use "
        "--shard I/N)");
  }
  if (names.size() > 1) {
    return fmt::format("{} and {} both say which part this is (use --shard I/N)",
                       setting(environment, names[0]), setting(environment, names[1]));
  }
  if (names[0] == kArrayTask) return shard_of_array(environment, of);
  if (names[0] == kCompletion) return shard_of_completion(environment, of);
  return shard_of_variables(environment, launcher != nullptr ? *launcher : kGitLab, of);
}

std::optional<ParallelLaunch> parallel_launch(const Environment& environment) {
  const Variables* const launcher = launcher_of(environment);
  if (launcher == nullptr) return std::nullopt;
  return ParallelLaunch{launcher->launcher, number_of(environment, launcher->count).value_or(0),
                        setting(environment, launcher->count)};
}

}  // namespace sim
