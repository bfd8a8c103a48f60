#include "sim/script/spec/topology.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sim {
namespace {

using Links = std::vector<LinkSpec>;

herd::Result<Links, TopologyError> make(const Topology& topology, std::uint32_t servers,
                                        std::uint64_t seed = 1) {
  herd::Random random(seed, "test");
  return make_links(topology, servers, random);
}

Links good(const Topology& topology, std::uint32_t servers, std::uint64_t seed = 1) {
  const auto links = make(topology, servers, seed);
  EXPECT_TRUE(links.ok()) << servers << " servers";
  return links.ok() ? *links : Links{};
}

std::vector<std::uint32_t> degrees(const Links& links, std::uint32_t servers) {
  std::vector<std::uint32_t> count(servers);
  for (const LinkSpec& link : links) {
    ++count[link.first];
    ++count[link.second];
  }
  return count;
}

void expect_simple_and_connected(const Links& links, std::uint32_t servers) {
  std::vector<std::vector<std::uint32_t>> neighbors(servers);
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (const LinkSpec& link : links) {
    ASSERT_LT(link.first, link.second);
    ASSERT_LT(link.second, servers);
    ASSERT_TRUE(seen.emplace(link.first, link.second).second) << "twice";
    neighbors[link.first].push_back(link.second);
    neighbors[link.second].push_back(link.first);
  }
  std::vector<bool> reached(servers);
  std::vector<std::uint32_t> stack = {0};
  reached[0] = true;
  while (!stack.empty()) {
    const std::uint32_t at = stack.back();
    stack.pop_back();
    for (const std::uint32_t next : neighbors[at]) {
      if (reached[next]) continue;
      reached[next] = true;
      stack.push_back(next);
    }
  }
  EXPECT_EQ(std::count(reached.begin(), reached.end(), true), servers) << "not connected";
}

TEST(Topology, ShapesAreSimpleConnectedAndOfTheRightSize) {
  for (std::uint32_t n = 1; n <= 40; ++n) {
    SCOPED_TRACE(n);
    struct Row {
      Shape shape;
      std::size_t links;
    };
    std::vector<Row> rows = {{Shape::kLine, n - 1},
                             {Shape::kStar, n - 1},
                             {Shape::kTree, n - 1},
                             {Shape::kComplete, std::size_t{n} * (n - 1) / 2}};
    if (n >= 3) rows.push_back({Shape::kRing, n});
    for (const auto& [shape, count] : rows) {
      const Links links = good(shape, n);
      EXPECT_EQ(links.size(), count);
      expect_simple_and_connected(links, n);
    }
  }
}

TEST(Topology, ShapesLinkWhomTheySay) {
  EXPECT_EQ(good(Shape::kRing, 4), (Links{{0, 1}, {1, 2}, {2, 3}, {0, 3}}));
  EXPECT_EQ(good(Shape::kLine, 4), (Links{{0, 1}, {1, 2}, {2, 3}}));
  EXPECT_EQ(good(Shape::kStar, 4), (Links{{0, 1}, {0, 2}, {0, 3}}));
  EXPECT_EQ(good(Shape::kComplete, 3), (Links{{0, 1}, {0, 2}, {1, 2}}));
  EXPECT_EQ(good(Shape::kTree, 6), (Links{{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}}));
  EXPECT_EQ(good(GridShape{3, 2}, 6),
            (Links{{0, 1}, {0, 3}, {1, 2}, {1, 4}, {2, 5}, {3, 4}, {4, 5}}));
}

TEST(Topology, GridsAreSimpleConnectedAndDoNotWrap) {
  for (std::uint32_t width = 1; width <= 7; ++width) {
    for (std::uint32_t height = 1; height <= 7; ++height) {
      SCOPED_TRACE(testing::Message() << width << " by " << height);
      const Links links = good(GridShape{width, height}, width * height);
      EXPECT_EQ(links.size(), std::size_t{width - 1} * height + std::size_t{height - 1} * width);
      expect_simple_and_connected(links, width * height);
    }
  }
}

TEST(Topology, RegularGraphsAreSimpleConnectedAndRegular) {
  for (std::uint32_t n = 2; n <= 16; ++n) {
    for (std::uint32_t degree = 1; degree < n; ++degree) {
      if (n * degree % 2 != 0 || (degree == 1 && n > 2)) continue;
      for (std::uint64_t seed = 0; seed < 25; ++seed) {
        SCOPED_TRACE(testing::Message() << n << " servers, degree " << degree << ", seed " << seed);
        const Links links = good(RegularShape{degree}, n, seed);
        expect_simple_and_connected(links, n);
        EXPECT_EQ(degrees(links, n), std::vector<std::uint32_t>(n, degree));
      }
    }
  }
}

TEST(Topology, RegularGraphsScale) {
  for (const std::uint32_t degree : {2U, 3U}) {
    SCOPED_TRACE(degree);
    constexpr std::uint32_t kServers = 100'000;
    const Links links = good(RegularShape{degree}, kServers);
    expect_simple_and_connected(links, kServers);
    EXPECT_EQ(degrees(links, kServers), std::vector<std::uint32_t>(kServers, degree));
  }
}

TEST(Topology, RegularGraphsComeFromTheSeed) {
  std::set<std::vector<std::pair<std::uint32_t, std::uint32_t>>> different;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Links links = good(RegularShape{3}, 30, seed);
    EXPECT_EQ(links, good(RegularShape{3}, 30, seed));
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (const LinkSpec& link : links) pairs.emplace_back(link.first, link.second);
    different.insert(pairs);
  }
  EXPECT_EQ(different.size(), 20U);
}

TEST(Topology, SaysWhatCannotBe) {
  struct Row {
    Topology topology;
    std::uint32_t servers;
    std::string wrong, right;
  };
  const std::vector<Row> rows = {
      {Shape::kRing, 1, "a ring cannot be made of 1 server(s)", "at least 3 servers"},
      {Shape::kRing, 2, "a ring cannot be made of 2 server(s)", "at least 3 servers"},
      {Shape::kComplete, 10'000, "makes 49995000 links", "at most 5000000 links"},
      {RegularShape{3}, 5, "5 server(s) cannot have 3 link(s) each",
       "servers times links must be even"},
      {RegularShape{5}, 5, "5 server(s) cannot have 5 link(s) each",
       "fewer links each than there are servers"},
      {RegularShape{1}, 4, "4 server(s) cannot have 1 link(s) each",
       "at least 2, or the herd is in pieces"},
      {RegularShape{2000}, 10'000, "makes 10000000 links", "at most 5000000 links"},
      {GridShape{2, 3}, 5, "a grid of 2 by 3 has 6 places", "as many as there are servers, 5"},
      {GridShape{1'000'000, 1'000'000}, 5, "a grid of 1000000 by 1000000 has 1000000000000 places",
       "as many as there are servers, 5"},
  };
  for (const Row& row : rows) {
    const auto links = make(row.topology, row.servers);
    ASSERT_FALSE(links.ok()) << row.wrong;
    EXPECT_EQ(links.error().wrong, row.wrong);
    EXPECT_EQ(links.error().right, row.right);
  }
}

}  // namespace
}  // namespace sim
