// Puts a value into a scenario's JSON by its path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"

namespace sim {

// Returns the names of a dotted path, as `herds.0.propagation`. Below `sweep` a swept key is one
// name with all its dots: `sweep.herds.*.servers` is that key, `sweep.seed.count` the count.
std::vector<std::string> split_path(std::string_view path);

// Sets the places in `root`, an object, that the path leads to, to copies of a value. A `*` means
// every item of a list. Makes objects that are missing on the way, so that a default can be changed
// in part; it makes no lists. Returns the places that were set, or made on the way. If the path
// leads nowhere, reports that and returns the path itself.
std::vector<std::string> set_path(json_t* root, const std::string& path, const json_t* value,
                                  Problems& problems);

}  // namespace sim
