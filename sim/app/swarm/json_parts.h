// Prints JSON as the swarm does.
#pragma once

#include <jansson.h>

#include <string>

namespace sim {

// Returns the value as JSON text, indented by two columns per level.
std::string to_text(const json_t* value);

}  // namespace sim
