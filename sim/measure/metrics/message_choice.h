// Chooses the updates whose messages are logged one by one, before the run.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/script/plan/plan.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct MessageChoice {
  bool all = false;
  std::vector<std::uint32_t> updates;  // places in Plan::updates, in order; if not `all`

  bool empty() const { return !all && updates.empty(); }
};

// Returns the scenario's choice for one of its herds, by the herd's place in the scenario and its
// plan. A choice by a number of rows has at least one update if that number is not 0. The choice
// for a herd without messages is empty.
MessageChoice choose_messages(const Scenario& scenario, std::uint32_t herd, const Plan& plan);

}  // namespace sim
