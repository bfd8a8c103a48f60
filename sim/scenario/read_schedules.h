// Reads `clients[].updates` and `clients[].queries`.
#pragma once

#include <optional>

#include "sim/scenario/json_value.h"
#include "sim/scenario/names.h"
#include "sim/scenario/problems.h"
#include "sim/scenario/scenario.h"

namespace sim {

std::optional<UpdateSchedule> read_updates(const JsonNode& node, Problems& problems);

// With problems it is read as far as it goes. Whom the queries are about is for check_about.
QuerySchedule read_queries(const JsonNode& node, Problems& problems);

// Reports a client that there is not, once all of them are in `names`. `path` is that of the
// queries.
void check_about(const QuerySchedule& queries, const std::string& path, const Names& names,
                 Problems& problems);

}  // namespace sim
