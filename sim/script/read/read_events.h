// Reads `events`.
#pragma once

#include <optional>
#include <vector>

#include "core/time.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns the events by time; those of the same time are in the order of the file. If there is no
// `duration` the script's length had problems, and times are not compared with it.
std::vector<Event> read_events(const JsonNode& node, std::optional<herd::Duration> duration,
                               const Names& names, Problems& problems);
Schema events_schema();

}  // namespace sim
