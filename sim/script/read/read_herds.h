// Reads `herds`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/read_virtual_model.h"

namespace sim {

// What the scenario says of all its herds.
struct ScenarioWide {
  std::uint64_t seed = 1;  // that random links come from
  ClockKind clock = ClockKind::kLive;
  VirtualModel model;
};

// Every herd of the list, those with problems too, so that their places are the file's.
// `folder` is that of the scenario file.
std::vector<HerdRead> read_herds(const JsonNode& node, const ScenarioWide& scenario,
                                 const std::string& folder, Problems& problems);

}  // namespace sim
