// The scheme source-tree against its closed forms, and its map after faults.
#include "core/schemes/source_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "tests/core/fake_herd.h"
#include "tests/core/same_everywhere.h"
#include "tests/core/schemes/graphs.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

const Scheme kSourceTree(kSourceTreeInfo);

TEST(SourceTree, AWholeHerdNeedsOneMessageForEachOtherServerFromTheFirstUpdateOn) {
  for (const auto& [servers, edges] : {std::pair{5U, ring(5)}, {8U, ring(8)}, {7U, complete(7)}}) {
    FakeHerd herd(servers, edges, kSourceTree, any_delivery(servers));
    herd.start();
    std::uint64_t updates = 0;
    for (std::uint32_t origin = 0; origin < servers; ++origin) {
      herd.say(origin, report(origin, 1));
      herd.settle();
      ++updates;
      EXPECT_EQ(herd.counts().messages, updates * (servers - 1));
    }
    EXPECT_EQ(herd.counts().duplicates, 0U);
    EXPECT_EQ(herd.costs().control_lines, 0U) << "a herd that starts whole says nothing";
    expect_same_everywhere(herd);
  }
}

TEST(SourceTree, UpdatesOfAllServersAtOnceCostNoMore) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    FakeHerd herd(9, complete(9), kSourceTree, any_delivery(seed));
    herd.start();
    for (std::uint32_t i = 0; i < 90; ++i) {
      herd.say(i % 9, report(i, 1));
      herd.deliver_one();
    }
    herd.settle();
    EXPECT_EQ(herd.counts().messages, 90U * 8U);
    EXPECT_EQ(herd.counts().duplicates, 0U);
  }
}

// Each endpoint of the link tells all; the ring without it is a line.
TEST(SourceTree, ACutIsToldOnEveryLinkAndUpdatesGoRoundIt) {
  FakeHerd herd(5, ring(5), kSourceTree, any_delivery(1), Recovery::kSync);
  herd.start();
  herd.say(0, report(1, 1));
  herd.settle();
  herd.cut(0);
  herd.settle();
  // Two endpoints flood one MAP each over E' links, with split horizon: 4E' - 2(N - 1).
  EXPECT_EQ(herd.costs().control_lines, 4U * 4U - 2U * 4U);
  const std::uint64_t before = herd.counts().messages;
  herd.say(0, report(1, 2));
  herd.settle();
  EXPECT_EQ(herd.counts().messages - before, 4U);
  EXPECT_EQ(herd.counts().duplicates, 0U);
  expect_same_everywhere(herd);
}

TEST(SourceTree, WhatACutLinkLostComesByComparisonWithTheNewParent) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    FakeHerd herd(7, ring(7), kSourceTree, any_delivery(seed), Recovery::kSync);
    herd.start();
    herd.say(0, report(1, 1));
    herd.settle();
    // Some of these are on the link when it breaks.
    for (std::uint64_t i = 2; i < 12; ++i) {
      herd.say(0, report(i, i));
      for (std::uint64_t j = seed % 3; j > 0; --j) herd.deliver_one();
    }
    herd.cut(0);
    for (std::uint64_t i = 12; i < 22; ++i) {
      herd.say(0, report(i, i));
      herd.deliver_one();
    }
    herd.settle();
    expect_same_everywhere(herd);
    EXPECT_EQ(herd.server(1).records().size(), 21U) << "seed " << seed;
  }
}

// The servers take a link for up at first. One that gets nothing over it gets all by comparison,
// once the link counts as down.
TEST(SourceTree, IsNotQuietBeforeLinksThatNeverCameUpCountAsDown) {
  FakeHerd herd(3, ring(3), kSourceTree, any_delivery(1), Recovery::kSync);
  herd.cut(0);
  herd.begin();
  herd.settle();
  herd.say(0, report(1, 1));
  herd.settle();
  EXPECT_EQ(herd.server(1).records().size(), 0U);
  EXPECT_FALSE(herd.server(0).is_quiet());
  EXPECT_TRUE(herd.server(2).is_quiet()) << "both of its links came up";
  herd.advance(6s);
  EXPECT_EQ(herd.server(1).records().size(), 1U);
  for (std::uint32_t i = 0; i < 3; ++i) EXPECT_TRUE(herd.server(i).is_quiet());
}

// While the map changes and for `settle` after it, a herd without recovery floods.
TEST(SourceTree, WithoutRecoveryAChangeOfTheMapIsFollowedByFlooding) {
  Scheme scheme = kSourceTree;
  scheme.set("settle", Duration(1s).count());
  FakeHerd herd(5, complete(5), scheme, any_delivery(3));
  herd.start();
  herd.cut(0);
  herd.settle();
  herd.say(0, report(1, 1));
  herd.settle();
  const std::uint64_t links = 9, others = 4;
  EXPECT_EQ(herd.counts().messages, 2 * links - others) << "a flood";
  herd.advance(2s);
  herd.say(0, report(1, 2));
  herd.settle();
  EXPECT_EQ(herd.counts().messages, 2 * links - others + others);
}

TEST(SourceTree, AServerThatRestartsIsHeardAgainAndAllAgreeOnTheMap) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    FakeHerd herd(6, complete(6), kSourceTree, any_delivery(seed), Recovery::kSync);
    herd.start();
    for (int round = 1; round <= 3; ++round) {
      herd.kill(2);
      herd.settle();
      herd.say(0, report(1, static_cast<std::uint64_t>(2 * round)));
      herd.settle();
      herd.revive(2);
      for (std::size_t link = 0; link < complete(6).size(); ++link) herd.mend(link);
      herd.settle();
      herd.advance(10s);
    }
    const std::uint64_t before = herd.counts().messages;
    const std::uint64_t lines = herd.costs().control_lines;
    for (std::uint32_t origin = 0; origin < 6; ++origin) herd.say(origin, report(origin + 10, 1));
    herd.settle();
    EXPECT_EQ(herd.counts().messages - before, 6U * 5U) << "seed " << seed;
    EXPECT_EQ(herd.costs().control_lines, lines) << "settled means silent";
    expect_same_everywhere(herd);
  }
}

// A link that never came up is no edge of the trees.
TEST(SourceTree, ALinkThatDoesNotComeUpCountsAsDownAfterAWhile) {
  FakeHerd herd(5, ring(5), kSourceTree, any_delivery(4), Recovery::kSync);
  herd.hold(0);
  herd.begin();
  herd.settle();
  EXPECT_EQ(herd.costs().control_lines, 0U);
  herd.advance(6s);
  EXPECT_GT(herd.costs().control_lines, 0U);
  herd.say(0, report(1, 1));
  herd.settle();
  EXPECT_EQ(herd.counts().messages, 4U);
  expect_same_everywhere(herd);
}

// The list of a hub's links that are down is longer than a line may be.
TEST(SourceTree, ALongListTakesSeveralLines) {
  const std::uint32_t servers = 3000;
  std::vector<Edge> star;
  for (std::uint32_t i = 1; i < servers; ++i) star.emplace_back(0, i);
  star.emplace_back(1, 2);
  star.emplace_back(1, servers - 1);
  FakeHerd herd(
      servers, star, kSourceTree, [](std::uint64_t) { return 0; }, Recovery::kSync);
  herd.hold_all_but({0, servers - 1, servers});
  herd.begin();
  herd.settle();
  herd.advance(6s);
  const std::uint64_t before = herd.counts().messages;
  herd.say(2, report(1, 1));
  herd.settle();
  EXPECT_EQ(herd.counts().messages - before, 3U) << "to 1, and from there to 0 and the last";
}

TEST(SourceTree, WrongLinesAreRefused) {
  for (const std::string_view line :
       {"MAP", "MAP S1", "MAP S9 1", "MAP S2 0", "MAP S2 x", "MAP S2 1x", "MAP S2 -1",
        "MAP S2 1000000000000000001", "MAP S2 99999999999999999999999", "MAP S2 1 S9",
        "MAP S2 1 S2", "MAP S2 1 S4 S9"}) {
    FakeHerd herd(4, complete(4), kSourceTree, any_delivery(1));
    herd.start();
    herd.expect_refused(1, 2, std::string(line));
    EXPECT_EQ(herd.costs().control_lines, 0U) << line << " has no effect";
  }
}

// What a hostile neighbour says of this server's own links is answered by what is true.
TEST(SourceTree, AServerCorrectsWhatIsSaidOfItself) {
  FakeHerd herd(4, complete(4), kSourceTree, any_delivery(1), Recovery::kSync);
  herd.start();
  herd.say_on_link(1, 0, "MAP S1 7 S3 S4");
  herd.settle();
  EXPECT_GT(herd.costs().control_lines, 0U);
  const std::uint64_t before = herd.counts().messages;
  herd.say(0, report(1, 1));
  herd.settle();
  EXPECT_EQ(herd.counts().messages - before, 3U);
  expect_same_everywhere(herd);
}

TEST(Trees, ParentsAreTheFirstOnAShortestPath) {
  Random random(7, "graphs");
  for (int round = 0; round < 40; ++round) {
    const auto servers = static_cast<std::uint32_t>(2 + random.below(12));
    std::set<Edge> edges;
    for (std::uint32_t i = 1; i < servers; ++i) {
      edges.insert({static_cast<std::uint32_t>(random.below(i)), i});
    }
    for (std::uint32_t i = 0; i < servers; ++i) {
      const auto a = static_cast<std::uint32_t>(random.below(servers));
      const auto b = static_cast<std::uint32_t>(random.below(servers));
      if (a < b) edges.insert({a, b});
    }
    const std::vector<Edge> list(edges.begin(), edges.end());
    const auto map = FakeHerd::map_of(servers, list);
    TreeMemo memo(*map);
    const auto trees = memo.trees(PathCost::kHops, {});
    for (std::uint32_t origin = 0; origin < servers; ++origin) {
      // Breadth first, as an independent answer.
      std::vector<std::uint32_t> distance(servers, servers);
      distance[origin] = 0;
      std::deque<std::uint32_t> open{origin};
      while (!open.empty()) {
        const std::uint32_t at = open.front();
        open.pop_front();
        for (const HerdMap::Neighbor& next : map->neighbors(at)) {
          if (distance[next.server] != servers) continue;
          distance[next.server] = distance[at] + 1;
          open.push_back(next.server);
        }
      }
      for (std::uint32_t server = 0; server < servers; ++server) {
        std::uint32_t first = Trees::kNone;
        for (const HerdMap::Neighbor& near : map->neighbors(server)) {
          if (server != origin && distance[near.server] + 1 == distance[server]) {
            first = std::min(first, near.server);
          }
        }
        EXPECT_EQ(trees->parents(origin)[server], first);
      }
    }
  }
}

TEST(Trees, AreTheTreesOfTheLatencies) {
  // 0 - 1 - 2 takes 2 ms, the direct link of 0 and 2 takes 5 ms one way and 1 ms the other.
  const HerdMap map({"a", "b", "c"}, {{0, 1, 1ms, 1ms}, {1, 2, 1ms, 1ms}, {0, 2, 5ms, 1ms}});
  TreeMemo memo(map);
  const auto trees = memo.trees(PathCost::kLatency, {});
  EXPECT_EQ(trees->parents(0)[2], 1U);
  EXPECT_EQ(trees->parents(2)[0], 2U);
  EXPECT_EQ(memo.trees(PathCost::kHops, {})->parents(0)[2], 0U);
  EXPECT_EQ(memo.trees(PathCost::kLatency, {1})->parents(0)[2], 0U) << "without the link 1 - 2";
}

}  // namespace
}  // namespace herd
