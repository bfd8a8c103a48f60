#include "sim/measure/metrics/link_ends.h"

#include <gtest/gtest.h>

#include "sim/script/spec/adjacency.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

// Every server's neighbours are those of the adjacency.
TEST(LinkEnds, AgreeWithTheAdjacency) {
  for (const HerdSpec& herd :
       {paper_herd(), small_herd(1, {}), small_herd(4, {{0, 3}, {0, 1}, {2, 3}, {0, 2}, {1, 3}})}) {
    const Adjacency adjacency = make_adjacency(herd);
    const LinkEnds ends(herd);
    ASSERT_EQ(ends.size(), 2 * herd.links.size());
    std::uint32_t next = 0;
    for (std::uint32_t s = 0; s < adjacency.size(); ++s) {
      ASSERT_EQ(ends.first(s), next);
      for (std::uint32_t n = 0; n < adjacency[s].size(); ++n, ++next) {
        const Adjacent& to = adjacency[s][n];
        const std::uint32_t end = ends.end(herd::ServerId{s}, herd::NeighborId{n});
        ASSERT_EQ(end, next);
        ASSERT_EQ(ends.direction_from(end), 2 * to.link + (to.dials ? 0 : 1));
        ASSERT_EQ(ends.direction_to(end), 2 * to.link + (to.dials ? 1 : 0));
        ASSERT_EQ(ends.receiver(ends.direction_to(end)), end);
        ASSERT_EQ(ends.receiver(ends.direction_from(end)), ends.other(end));
        ASSERT_EQ(ends.other(ends.other(end)), end);
        ASSERT_GE(ends.other(end), ends.first(to.peer));
        ASSERT_LT(ends.other(end), ends.first(to.peer + 1));
      }
    }
    ASSERT_EQ(ends.first(static_cast<std::uint32_t>(adjacency.size())), next);
  }
}

}  // namespace
}  // namespace sim
