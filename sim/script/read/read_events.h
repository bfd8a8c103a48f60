// Reads `events`.
#pragma once

#include <optional>
#include <vector>

#include "core/time.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// The events by time, in file order where times are equal. No duration: the script's length had
// problems, and times are not held against it.
std::vector<Event> read_events(const JsonNode& node, std::optional<herd::Duration> duration,
                               const Names& names, Problems& problems);

}  // namespace sim
