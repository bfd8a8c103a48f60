// Reads `herds`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/json_value.h"
#include "sim/scenario/names.h"
#include "sim/scenario/problems.h"

namespace sim {

// Every herd of the list, those with problems too, so that their places are the file's.
// `random_seed` is what random links come from, `folder` is that of the scenario file.
std::vector<HerdRead> read_herds(const JsonNode& node, std::uint64_t random_seed,
                                 const std::string& folder, Problems& problems);

}  // namespace sim
