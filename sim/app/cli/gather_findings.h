// `herdsim gather` for the shards of a swarm.
#pragma once

#include <vector>

#include "sim/app/cli/run_command.h"
#include "sim/app/sweep/gather.h"

namespace sim {

// Joins the shards, at least one, and writes their findings. Seeds that no shard has played are
// named on standard error. Returns the exit status.
int gather_findings(const std::vector<ShardFolder>& shards, const RunCommand& command);

}  // namespace sim
