// The links of a herd whose scenario gives a shape instead of a list. Every shape is a simple
// connected graph.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/random.h"
#include "core/result.h"
#include "sim/script/spec/scenario.h"

namespace sim {

enum class Shape {
  kRing,      // each server to the next, the last to the first
  kLine,      // each server to the next
  kStar,      // the first server to every other
  kComplete,  // each server to every other
  kTree,      // server i to servers 2i+1 and 2i+2
};
struct RegularShape {  // every server has `degree` random links
  std::uint32_t degree = 0;
};
struct GridShape {  // server y * width + x to its neighbours in the row and in the column
  std::uint32_t width = 0, height = 0;
};
using Topology = std::variant<Shape, RegularShape, GridShape>;

struct TopologyError {
  std::string wrong, right;
};

// Returns the number of links that a topology makes, or a little more.
std::uint64_t most_links(const Topology& topology, std::uint32_t servers);

// Returns the links among `servers` >= 1 servers; an error if the shape is impossible for that
// number or has too many links. Only a regular graph draws from `random`.
herd::Result<std::vector<LinkSpec>, TopologyError> make_links(const Topology& topology,
                                                              std::uint32_t servers,
                                                              herd::Random& random);

}  // namespace sim
