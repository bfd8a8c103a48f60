// Reads `herds[].places`, and the trouble that an embedded provider is told to make.
#pragma once

#include <optional>
#include <string>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// nullopt where not even the provider is known; with other problems it is read as far as it goes.
// `folder` is the scenario file's, with its last slash: `data` is relative to it.
std::optional<PlacesSpec> read_places(const JsonNode& node, const std::string& folder,
                                      Problems& problems);

// "latency", "fail", "cut" and "quota", those that are there.
SetPlacesEvent read_places_faults(ObjectReader& object, Problems& problems);

}  // namespace sim
