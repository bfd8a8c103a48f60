// The wall clock, for run.json.
#pragma once

#include <string>

namespace sim {

// Returns the time as ISO 8601 in UTC, to the second: "2024-05-01T12:00:00Z".
std::string utc_now();

}  // namespace sim
