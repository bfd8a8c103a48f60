// The last steps of making a plan.
#pragma once

#include <vector>

#include "sim/script/plan/plan.h"
#include "sim/script/spec/clock_skew.h"

namespace sim {

// Puts actions in order of time, at one instant in the order in which they stand, and gives
// updates and queries their numbers in that order.
void put_in_order(Plan& plan);

// Stamps the updates that have no line of their own with the planned time by their client's clock,
// strictly increasing for each client. They are in order; `skews` by client.
void stamp_updates(Plan& plan, const std::vector<ClockSkew>& skews);

}  // namespace sim
