// Reads `herds[].links`, and pairs of servers that other keys name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/random.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/events.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// What the links of all herds so far have taken.
struct LinksMade {
  std::uint64_t links = 0;
  std::uint64_t regular_work = 0;  // as kMaxRegularWork counts it
};

// Returns the links of a herd whose servers are read; without a node the default ones. nullopt
// after problems, and if `servers_known` is false: then only the form of the links is checked.
std::optional<std::vector<LinkSpec>> read_links(const std::optional<JsonNode>& node,
                                                const JsonNode& herd_node, const HerdSpec& herd,
                                                bool servers_known, herd::Random& random,
                                                LinksMade& made, Problems& problems);
Schema links_schema();
// Returns a rule of the schema: a herd whose servers are not the paper's five has links.
Schema links_of_other_servers();

// Two different names, which need not be known.
struct ServerPairKind {
  static std::optional<ServerPair> read(const JsonNode& node, Problems& problems);
  static std::string allowed() { return R"(two servers, as ["Alford", "Welsh"])"; }
  static Schema schema();
};

}  // namespace sim
