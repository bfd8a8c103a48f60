// Puts a value into a scenario's JSON by its path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"

namespace sim {

// The names of a dotted path, as `herds.0.propagation`. Below `sweep` a swept key is one name
// whatever dots it has: `sweep.herds.*.servers` is that key, `sweep.seed.count` the count.
std::vector<std::string> split_path(std::string_view path);

// Sets what the path leads to in `root`, an object, to copies of a value. A `*` is every item of a
// list. What is missing on the way is made, so that a default can be changed in part, but for
// lists. Returns the places that were set, or made on the way; where the path leads nowhere, that
// is reported and the place is the path itself.
std::vector<std::string> set_path(json_t* root, const std::string& path, const json_t* value,
                                  Problems& problems);

}  // namespace sim
