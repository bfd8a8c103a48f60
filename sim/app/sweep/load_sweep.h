// Reads a scenario file with a sweep and validates every point of it.
#pragma once

#include <cstddef>
#include <optional>

#include "core/result.h"
#include "sim/app/sweep/sweep.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/read/scenario_document.h"

namespace sim {

// Returns the sweep, or all errors of the document. Validates the scenario without the sweep, then
// that of every point. If that would take more than a few seconds, it stops early, as
// Sweep::checked says; it has checked each value of each key first. An error that several points
// have is reported once, with the swept keys and values that cause it. Precondition: the document
// has a sweep.
//
// With a shard, the sweep runs only the points of that shard, and only these are validated.
herd::Result<Sweep, ScenarioErrors> to_sweep(const ScenarioDocument& document,
                                             std::optional<Shard> shard = std::nullopt);

// Returns the scenario of one point of a sweep that to_sweep() has returned; its `as_run` has no
// sweep. Reads the files that the scenario names again, and returns errors if they have changed and
// no longer fit. Safe from any thread.
herd::Result<Scenario, ScenarioErrors> point_scenario(const Sweep& sweep, std::size_t point);

}  // namespace sim
