// Reads the `observe` of an engine: how herdsim watches the herd.
#pragma once

#include <optional>
#include <string_view>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/engine_spec.h"

namespace sim {

inline constexpr std::string_view kObserveRight =
    R"("links", "whatsat", "replies" or {"log": PATTERN}, with "file" where that is not its output)";

// Returns nullopt if nothing can be known of it. `program` is null if the servers are served
// elsewhere.
std::optional<Watch> read_watch(const JsonNode& node, const ProgramSpec* program,
                                Problems& problems);
// Returns how a herd is watched if its engine does not say so.
Watch default_watch(const ProgramSpec* program);

Schema observe_schema();
// Returns what `observe` may be if the servers are served elsewhere.
Schema observe_elsewhere_schema();

}  // namespace sim
