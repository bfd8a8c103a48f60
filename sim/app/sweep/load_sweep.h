// From a scenario file with a sweep to its points, each of them validated.
#pragma once

#include <cstddef>

#include "core/result.h"
#include "sim/app/sweep/sweep.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/read/scenario_document.h"

namespace sim {

// Precondition: the document has a sweep. Without it the document has to be a scenario too. Reads
// that, and the scenario of every point, one after another: an error is told once, however many
// points have it, with the swept keys and values that it takes.
herd::Result<Sweep, ScenarioErrors> to_sweep(const ScenarioDocument& document);

// The scenario of a point of a sweep so validated; its as_run is a whole scenario without a sweep.
// Reads the files that the scenario names again: an error where one has changed since. Any thread.
herd::Result<Scenario, ScenarioErrors> point_scenario(const Sweep& sweep, std::size_t point);

}  // namespace sim
