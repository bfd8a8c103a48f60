// Reads `herds[].places`, and the trouble that an embedded provider is told to make.
#pragma once

#include <optional>
#include <string>

#include "sim/scenario/json_reader.h"
#include "sim/scenario/json_value.h"
#include "sim/scenario/problems.h"
#include "sim/scenario/scenario.h"

namespace sim {

// nullopt where not even the provider is known; with other problems it is read as far as it goes.
// `folder` is the scenario file's, with its last slash: `data` is relative to it.
std::optional<PlacesSpec> read_places(const JsonNode& node, const std::string& folder,
                                      Problems& problems);

// "latency", "fail", "cut" and "quota", those that are there.
SetPlacesEvent read_places_faults(ObjectReader& object, Problems& problems);

}  // namespace sim
