// The events of a run, from its folder.
#pragma once

#include <filesystem>
#include <vector>

#include "core/result.h"
#include "sim/app/show/show_error.h"
#include "sim/measure/figures/fault_spans.h"

namespace sim {

// Returns the rows of the folder's events.csv, in its order.
herd::Result<std::vector<RunEvent>, ShowError> read_run_events(const std::filesystem::path& folder);

}  // namespace sim
