// Random graphs in which every server has the same number of links.
#pragma once

#include <cstdint>
#include <vector>

#include "core/random.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns a random simple connected graph, with the links in ascending order. 1 <= degree <
// servers, servers * degree is even, and degree is 1 only for 2 servers. Takes time proportional to
// the number of links times the degree.
std::vector<LinkSpec> regular_graph(std::uint32_t servers, std::uint32_t degree,
                                    herd::Random& random);

}  // namespace sim
