// Reads a herd's `engine` if this run does not host its servers: another program's, or servers that
// are served elsewhere.
#pragma once

#include <optional>
#include <string>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/engine_spec.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// Puts fixed ports into `herd`, whose servers may be unknown. Returns nullopt if there is
// neither a command nor `served`. `folder` is that of the scenario file.
std::optional<EngineSpec> read_engine(const JsonNode& node, const std::string& folder,
                                      bool servers_known, HerdSpec& herd, Problems& problems);
Schema engine_schema();

}  // namespace sim
