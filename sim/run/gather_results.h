// What every world does with a run that is over: judges it, and makes rows of what is known.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/run/clients/fleet.h"
#include "sim/script/plan/fault_plan.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// By herd.
std::vector<std::vector<PlannedFault>> plan_all_faults(const Scenario& scenario);

// Of clients that were never made, since the run ended before.
FleetLog unplayed_log(const Plan& plan);

// The next herd of the scenario.
void add_herd_results(RunResults& results, const Scenario& scenario, const HerdOutcome& outcome);

// After the last herd: puts what happened in order, with the director's diary, and holds the
// figures against what the scenario expects.
void finish_results(RunResults& results, const Scenario& scenario,
                    const std::vector<EventRow>& diary);

}  // namespace sim
