// Reads `herds[].places`, and the faults that the embedded provider is told to have.
#pragma once

#include <optional>
#include <string>

#include "sim/script/read/fields.h"
#include "sim/script/spec/events.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// Returns nullopt if not even the provider is known; after other problems what could be read.
// `folder` is the scenario file's, with a slash at its end: `data` is relative to it.
std::optional<PlacesSpec> read_places(const JsonNode& node, const std::string& folder,
                                      Problems& problems);
Schema places_schema();

// The faults that the event `set_places` changes.
const Fields<SetPlacesEvent>& set_places_fields();

}  // namespace sim
