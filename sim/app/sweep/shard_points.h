// Which points of a sweep belong to which shard.
#pragma once

#include <vector>

#include "sim/app/sweep/sweep.h"

namespace sim {

// Returns for each point of the sweep whether it is in `sweep.shard`; all are if that is not set.
//
// The shards of one N are a partition of the points, and their sizes differ by at most one. It
// depends on the number of values of each key and on N alone, and is the same on every machine.
// Points that are near each other in any key, which cost alike, are spread over the shards.
std::vector<bool> own_points(const Sweep& sweep);

}  // namespace sim
