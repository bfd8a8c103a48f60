// How deep the lists and objects of a JSON value are inside each other.
#pragma once

#include <jansson.h>

#include <cstddef>

namespace sim {

// Returns whether they are at most this many levels deep; a value without parts has none.
bool is_flat(const json_t* value, std::size_t levels);

}  // namespace sim
