// Reads when things are done again and again: `clients[].updates`, `clients[].queries`, and what
// else is said in the same words.
#pragma once

#include <optional>
#include <string_view>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// The time between two, as "10/s".
std::optional<Duration> read_rate(const JsonNode& node, Problems& problems);

// "every" or "rate", and "arrivals", of an object that may say more; `right` is what all of it
// should be.
std::optional<UpdateSchedule> read_times(ObjectReader& object, Problems& problems,
                                         std::string_view right);

// A ramp goes on to the end of the script, `duration`, unless it says otherwise.
std::optional<UpdateSchedule> read_updates(const JsonNode& node, Duration duration,
                                           Problems& problems);

// With problems it is read as far as it goes. Whom the queries are about is for check_about.
QuerySchedule read_queries(const JsonNode& node, Duration duration, Problems& problems);

// Reports a client that there is not, once all of them are in `names`. `path` is that of the
// queries.
void check_about(const QuerySchedule& queries, const std::string& path, const Names& names,
                 Problems& problems);

}  // namespace sim
