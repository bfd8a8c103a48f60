// Takes a value out of a scenario's JSON by its path.
#pragma once

#include <string>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"

namespace sim {

// Removes the members and items of `root`, an object, that the path leads to, so that each key has
// its default again. A `*` means every item of a list. An item behind a removed one moves up by
// one. Returns the places that are gone. If there is nothing at the path, reports that and returns
// the path itself.
std::vector<std::string> unset_path(json_t* root, const std::string& path, Problems& problems);

}  // namespace sim
