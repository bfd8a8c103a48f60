// --shard of the commands whose work several processes can share, and what such a process must not
// do.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "core/result.h"
#include "sim/app/shards/shard.h"

namespace sim {

// --shard I/N, auto, or auto/N. `help` says of what.
void add_shard_option(CLI::App& command, std::string& shard, const std::string& help);

// Returns the shard that the option's value means; nullopt if it is empty. For `auto` it asks the
// environment, and prints to standard error which variable decided. Returns an error for people if
// the environment does not say.
herd::Result<std::optional<Shard>, std::string> chosen_shard(const std::string& option);

// Returns why this process must not write the folder of its results: mpirun or srun has started the
// command several times at once, and each process would write the same folder. Empty if it may, as
// with a shard.
std::string why_not_alone(const std::string& shard_option);

}  // namespace sim
