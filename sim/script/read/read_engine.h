// Reads a herd's `engine` where it is a program of somebody else's.
#pragma once

#include <optional>
#include <string>

#include "sim/scenario/engine_spec.h"
#include "sim/scenario/herd_spec.h"
#include "sim/scenario/json_value.h"
#include "sim/scenario/problems.h"

namespace sim {

// `folder` is that of the scenario file. Fixed ports are put into `herd`, whose servers may be
// unknown. nullopt where not even the command is known.
std::optional<EngineSpec> read_engine(const JsonNode& node, const std::string& folder,
                                      bool servers_known, HerdSpec& herd, Problems& problems);

}  // namespace sim
