// Reads a herd's `engine` where it is a program of somebody else's.
#pragma once

#include <optional>
#include <string>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/engine_spec.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// `folder` is that of the scenario file. Fixed ports are put into `herd`, whose servers may be
// unknown. nullopt where not even the command is known.
std::optional<EngineSpec> read_engine(const JsonNode& node, const std::string& folder,
                                      bool servers_known, HerdSpec& herd, Problems& problems);

}  // namespace sim
