// Reads `herds`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/read_virtual_model.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Keys of the scenario that concern all its herds.
struct ScenarioWide {
  std::uint64_t seed = 1;  // random links come from it
  ClockKind clock = ClockKind::kLive;
  VirtualModel model;
};

// Returns every herd of the list, also those with problems, so that their places are the file's.
// `folder` is that of the scenario file.
std::vector<HerdRead> read_herds(const JsonNode& node, const ScenarioWide& scenario,
                                 const std::string& folder, Problems& problems);
Schema herds_schema();

}  // namespace sim
