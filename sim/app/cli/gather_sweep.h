// `herdsim gather` for the shards of a sweep.
#pragma once

#include <vector>

#include "sim/app/cli/run_command.h"
#include "sim/app/sweep/gather.h"

namespace sim {

// Joins the shards, at least one, and writes the results as a run of the whole sweep with this
// command would. Points that no shard has are named on standard error. Returns the exit status.
int gather_sweep(const std::vector<ShardFolder>& shards, const RunCommand& command);

}  // namespace sim
