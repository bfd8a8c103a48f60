// The last steps of making a plan.
#pragma once

#include <vector>

#include "sim/script/plan/plan.h"
#include "sim/script/spec/clock_skew.h"

namespace sim {

// Sorts the actions by time; actions of the same time keep their order. Numbers updates and queries
// in that order.
void put_in_order(Plan& plan);

// Sets the stamp of each update without a line of its own: the planned time by its client's clock,
// strictly increasing per client. The updates must be in order. `skews` is indexed by client.
void stamp_updates(Plan& plan, const std::vector<ClockSkew>& skews);

}  // namespace sim
