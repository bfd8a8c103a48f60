// Reads `herds[].links`, and pairs of servers wherever they stand.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// The links of a herd whose servers are read, or nullopt where problems are reported or where
// `servers_known` is false: the servers had problems, and only the form of the links is looked at.
// Without a node it is the default.
std::optional<std::vector<LinkSpec>> read_links(const std::optional<JsonNode>& node,
                                                const JsonNode& herd_node, const HerdSpec& herd,
                                                bool servers_known, herd::Random& random,
                                                Problems& problems);

// Two different names, known or not.
std::optional<std::pair<std::string, std::string>> read_server_pair(const JsonNode& node,
                                                                    Problems& problems);

}  // namespace sim
