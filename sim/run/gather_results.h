// The end of a run, for both worlds: judges it, and turns what is known into rows.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/summarize.h"
#include "sim/run/clients/fleet.h"
#include "sim/script/plan/fault_plan.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns the planned faults, by herd.
std::vector<std::vector<PlannedFault>> plan_all_faults(const Scenario& scenario);

// Returns the log of clients that were never started, because the run ended during set-up.
FleetLog unplayed_log(const Plan& plan);

// Adds the rows of the next herd. Call for the scenario's herds in order.
void add_herd_results(RunResults& results, const Scenario& scenario, const HerdOutcome& outcome,
                      WantedRows rows = WantedRows::kAll);

// Call after the last herd. Adds the diary, sorts the events by time, and compares the figures with
// the scenario's expectations.
void finish_results(RunResults& results, const Scenario& scenario,
                    const std::vector<EventRow>& diary);

}  // namespace sim
