// JSON as the swarm prints it.
#pragma once

#include <jansson.h>

#include <string>

namespace sim {

// The value as a person would write it down: two columns a level.
std::string to_text(const json_t* value);

}  // namespace sim
