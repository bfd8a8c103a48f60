// Reads what a network path is like: a herd's links, and clients' access links.
#pragma once

#include <array>
#include <string_view>

#include "sim/script/read/fields.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/spec/link_conditions.h"

namespace sim {

// The key of what one direction of a path alone is like.
struct Direction {
  std::string_view key;
  Says says;
};
// Forward first.
using Directions = std::array<Direction, 2>;
inline constexpr Directions kLinkDirections = {{
    {"forward", "What the direction from the first server to the second is like, if it differs."},
    {"backward", "What the direction from the second server to the first is like, if it differs."},
}};
inline constexpr Directions kClientLinkDirections = {{
    {"up", "What the direction from the client to the server is like, if it differs."},
    {"down", "What the direction from the server to the client is like, if it differs."},
}};

// Reads "latency", "jitter", "bandwidth" and "loss" of an object that may have more keys. These
// keys are for both directions; in an object under a direction's key they are for that one alone.
TwoWayChange read_link_change(ObjectReader& object, const Directions& directions);
// Reports an object that has none of these keys.
void check_changes_something(ObjectReader& object, const Directions& directions);
std::vector<std::string_view> link_change_keys(const Directions& directions);
Properties link_change_properties(const Directions& directions);
Schema changes_something(const Directions& directions);

// An object of these keys alone. Conditions that it does not name are ideal.
struct LinkConditionsKind {
  const Directions& directions;

  std::optional<TwoWayConditions> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const;
  Schema schema() const;
};

}  // namespace sim
