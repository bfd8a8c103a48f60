// Reads when clients do things again and again: `clients[].updates`, `clients[].queries`, and other
// keys that are written in the same words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/script/read/fields.h"
#include "sim/script/read/names.h"
#include "sim/script/spec/client_group.h"

namespace sim {

// The keys of an object that says when things are done at an even rate.
struct Times {
  std::optional<Duration> every, rate;  // either, as the time between two
  Arrivals arrivals = Arrivals::kSteady;
};
const Fields<Times>& times_fields();
// Reports an object that does not have one of "every" and "rate". `right` is what the whole object
// should be.
std::optional<UpdateSchedule> to_schedule(const Times& times, ObjectReader& object,
                                          std::string_view right);

// By default a ramp lasts to the end of the script, `duration`.
std::optional<UpdateSchedule> read_updates(const JsonNode& node, Duration duration,
                                           Problems& problems);
Schema updates_schema();

// Returns what could be read. check_about() has yet to check whom the queries are about.
QuerySchedule read_queries(const JsonNode& node, Duration duration, Problems& problems);
Schema queries_schema();

// Reports a client that does not exist. `names` has all clients by now; `path` is that of the
// queries.
void check_about(const QuerySchedule& queries, const std::string& path, const Names& names,
                 Problems& problems);

}  // namespace sim
