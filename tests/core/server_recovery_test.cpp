// Herds with recovery: after any faults, all servers end with the same records. The cost is
// proportional to the number of missing records.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/random.h"
#include "core/schemes/gossip.h"
#include "core/schemes/gossipsub.h"
#include "core/schemes/plumtree.h"
#include "core/schemes/source_tree.h"
#include "tests/core/fake_herd.h"
#include "tests/core/same_everywhere.h"
#include "tests/samples.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

Scheme with(Scheme scheme, std::string_view parameter, std::int64_t value) {
  scheme.set(parameter, value);
  return scheme;
}

// Their costs are exact: nothing else makes two servers compare, or wait.
const Scheme kFloods[] = {Scheme::kFloodEcho, Scheme::kFlood};
const Scheme kRepairedSchemes[] = {
    Scheme::kFloodEcho,
    Scheme::kFlood,
    Scheme(kSourceTreeInfo),
    Scheme(kPlumtreeInfo),
    with(Scheme(kPlumtreeInfo), "trees", 1),
    // To all neighbours, so that every update comes everywhere.
    with(Scheme(kGossipInfo), "fanout", 100),
    with(with(Scheme(kGossipInfo), "fanout", 100), "every", Duration(50ms).count()),
    with(Scheme(kGossipInfo), "pull", Duration(200ms).count()),
    with(with(with(Scheme(kGossipsubInfo), "degree", 1'000), "low", 1'000), "high", 1'000),
};

FakeHerd::Choose first() {
  return [](std::uint64_t) { return 0; };
}

// Returns a connected graph: every server has a link to an earlier one, and some pairs have extra
// links.
std::vector<Edge> random_edges(std::uint32_t servers, Random& random) {
  std::vector<Edge> out;
  std::set<Edge> seen;
  const auto link = [&](std::uint64_t a, std::uint64_t b) {
    const Edge edge{static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)};
    if (a == b || !seen.insert(std::minmax(edge.first, edge.second)).second) return;
    out.push_back(edge);
  };
  for (std::uint32_t i = 1; i < servers; ++i) {
    const std::uint64_t other = random.below(i);
    random.below(2) == 0 ? link(i, other) : link(other, i);
  }
  for (std::uint64_t more = random.below(servers + 1); more > 0; --more) {
    link(random.below(servers), random.below(servers));
  }
  return out;
}

std::string report(std::uint64_t client, std::uint64_t time) {
  return "IAMAT phone-" + std::to_string(client) + ".example.org +34.068930-118.445127 " +
         std::to_string(1'479'413'884 + time) + ".392014450";
}

// Runs cuts, holds, deaths and updates in any order of delivery, and then ends all faults.
void expect_convergence(Scheme scheme, RecordOrder order, std::uint64_t seed) {
  SCOPED_TRACE(std::string(to_string(scheme)) + ", " + std::string(to_string(order)) + ", seed " +
               std::to_string(seed));
  Random random(seed, "script");
  const auto servers = static_cast<std::uint32_t>(2 + random.below(7));
  const std::vector<Edge> edges = random_edges(servers, random);
  std::optional<KeepAlive> keep_alive;
  if (seed % 2 == 0) keep_alive = KeepAlive{100ms, 300ms};
  FakeHerd herd(servers, edges, scheme, any_of(seed), Recovery::kSync, keep_alive, order);
  for (std::uint32_t i = 0; i < servers; ++i) {
    herd.skew(i, 1s * (static_cast<std::int64_t>(random.below(21)) - 10));
  }
  herd.start();
  const std::uint64_t clients = 1 + random.below(seed % 5 == 0 ? 300 : 20);
  bool all_lived = true;
  const auto say = [&] {
    herd.say(static_cast<std::uint32_t>(random.below(servers)),
             report(random.below(clients), random.below(30)));
  };
  for (int step = 0; step < 80; ++step) {
    for (std::uint64_t i = random.below(4); i > 0; --i) say();
    for (std::uint64_t i = random.below(30); i > 0; --i) herd.deliver_one();
    const std::size_t link = random.below(edges.size());
    const auto server = static_cast<std::uint32_t>(random.below(servers));
    switch (random.below(12)) {
      case 0:
      case 1:
        herd.cut(link);
        break;
      case 2:
      case 3:
        herd.mend(link);
        break;
      case 4:
        herd.hold(link, keep_alive.has_value());
        break;
      case 5:
        herd.hold(link, false);
        break;
      case 6:
        if (seed % 3 != 0) break;
        herd.kill(server);
        all_lived = false;
        break;
      case 7:
        herd.revive(server);
        break;
      case 8:
        herd.advance(Duration(static_cast<std::int64_t>(random.below(1'000'000'000))));
        break;
      default:
        break;
    }
  }
  for (std::uint32_t i = 0; i < servers; ++i) herd.revive(i);
  for (std::size_t link = 0; link < edges.size(); ++link) {
    herd.hold(link, false);
    herd.mend(link);
  }
  for (int i = 0; i < 20; ++i) {  // updates continue meanwhile
    say();
    for (std::uint64_t j = random.below(20); j > 0; --j) herd.deliver_one();
  }
  herd.settle();
  herd.advance(20s);
  ASSERT_TRUE(herd.all_synchronized());
  expect_same_everywhere(herd);
  if (all_lived) {
    ASSERT_TRUE(herd.knowledge(0) == newest_of(herd.heard(), order));
    const MessageCounts& c = herd.counts();
    EXPECT_EQ(c.messages + herd.costs().repairs, c.useful + c.duplicates + c.stale + c.lost);
  }
}

// How many seeds are played: the floods are the schemes that nothing but recovery helps.
std::uint64_t seeds_for(const Scheme& scheme) {
  return test::samples<std::uint64_t>(scheme.info().relay == SchemeInfo::Relay::kOwn ? 60 : 300);
}

TEST(Recovery, ConvergesWhateverHappens) {
  for (const Scheme& scheme : kRepairedSchemes) {
    for (std::uint64_t seed = 1; seed <= seeds_for(scheme); ++seed) {
      expect_convergence(scheme, RecordOrder::kClientTime, seed);
    }
  }
}

TEST(Recovery, ByServerTimeToo) {
  for (const Scheme& scheme : kRepairedSchemes) {
    for (std::uint64_t seed = 1; seed <= seeds_for(scheme) / 2; ++seed) {
      expect_convergence(scheme, RecordOrder::kServerTime, seed);
    }
  }
}

// Returns the bytes to send all records over one link, for a herd whose servers hold the same.
std::uint64_t bytes_of_everything(const FakeHerd& herd) { return herd.knowledge(0).size(); }

TEST(Recovery, CostsInProportionToWhatIsMissing) {
  constexpr std::uint64_t kClients = 100'000, kMissing = 50;
  FakeHerd herd(2, {{0, 1}}, Scheme::kFlood, first(), Recovery::kSync);
  herd.start();
  for (std::uint64_t client = 0; client < kClients; ++client) {
    herd.say(0, report(client, 0));
    herd.settle();
  }
  const auto cost_of = [&](auto what_happens) {
    herd.cut(0);
    what_happens();
    const RecoveryCosts before = herd.costs();
    herd.mend(0);
    herd.settle();
    EXPECT_TRUE(herd.all_synchronized());
    EXPECT_TRUE(herd.knowledge(0) == herd.knowledge(1));
    const RecoveryCosts& after = herd.costs();
    EXPECT_EQ(after.repairs - before.repairs, kMissing);
    EXPECT_LT(after.summary_bytes - before.summary_bytes, after.bytes - before.bytes);
    return static_cast<double>(after.bytes - before.bytes) /
           static_cast<double>(bytes_of_everything(herd));
  };
  const double unknown = cost_of([&] {
    for (std::uint64_t i = 0; i < kMissing; ++i) herd.say(0, report(kClients + i, 0));
  });
  EXPECT_LT(unknown, 0.01);
  const double newer_on_either_side = cost_of([&] {
    for (std::uint64_t i = 0; i < kMissing; ++i)
      herd.say(static_cast<std::uint32_t>(i % 2), report(i * 1999, 1));
  });
  EXPECT_LT(newer_on_either_side, 0.01);
  EXPECT_EQ(herd.server(0).records().size(), kClients + kMissing);
}

TEST(Recovery, OfNothingCostsTwoLines) {
  FakeHerd herd(2, {{0, 1}}, Scheme::kFlood, first(), Recovery::kSync);
  herd.start();
  for (std::uint64_t client = 0; client < 1000; ++client) herd.say(0, report(client, 0));
  herd.settle();
  herd.cut(0);
  const RecoveryCosts before = herd.costs();
  herd.mend(0);
  herd.settle();
  EXPECT_TRUE(herd.all_synchronized());
  EXPECT_EQ(herd.costs().repairs - before.repairs, 0U);
  EXPECT_EQ(herd.costs().summary_bytes - before.summary_bytes,
            2 * std::string("SYNC HOLD 1000 0123456789abcdef\n").size());
}

// A server that restarts receives everything once, from one neighbour, for any number of
// neighbours.
TEST(Recovery, RestartBringsEverythingOnce) {
  constexpr std::uint64_t kClients = 1500;
  for (const Scheme& scheme : kFloods) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      SCOPED_TRACE(seed);
      // Server 0 is in the middle. It dials two of the others, and two dial it.
      const std::vector<Edge> edges = {{0, 1}, {0, 2}, {3, 0}, {4, 0}, {1, 2}, {2, 3}, {3, 4}};
      FakeHerd herd(5, edges, scheme, any_of(seed), Recovery::kSync);
      herd.start();
      for (std::uint64_t client = 0; client < kClients; ++client) {
        herd.say(static_cast<std::uint32_t>(client % 5), report(client, 0));
      }
      herd.settle();
      herd.kill(0);
      herd.settle();
      const std::uint64_t messages = herd.counts().messages;
      const RecoveryCosts before = herd.costs();
      herd.revive(0);
      herd.settle();
      herd.advance(2s);
      ASSERT_TRUE(herd.all_synchronized());
      expect_same_everywhere(herd);
      EXPECT_EQ(herd.costs().repairs - before.repairs, kClients);
      EXPECT_EQ(herd.counts().messages, messages) << "and passes none of it on";
      EXPECT_LT(herd.costs().summary_bytes - before.summary_bytes, 2000U);
    }
  }
}

// Two halves of a herd take updates separately. Every update crosses the mended link and is
// relayed.
TEST(Recovery, HealedPartitionMissesNothing) {
  for (const Scheme& scheme : kFloods) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      SCOPED_TRACE(seed);
      // The paper's ring: Alford, Ball, Hamilton, Holiday, Welsh.
      FakeHerd herd(5, {{0, 2}, {0, 4}, {1, 3}, {1, 4}, {2, 3}}, scheme, any_of(seed),
                    Recovery::kSync);
      herd.start();
      for (std::uint64_t i = 0; i < 200; ++i)
        herd.say(static_cast<std::uint32_t>(i % 5), report(i, 0));
      herd.settle();
      herd.cut(1);
      herd.cut(4);
      for (std::uint64_t i = 0; i < 100; ++i)
        herd.say(static_cast<std::uint32_t>(i % 5), report(i, 1));
      herd.settle();
      EXPECT_NE(herd.knowledge(0), herd.knowledge(4));
      herd.mend(1);
      herd.mend(4);
      herd.settle();
      ASSERT_TRUE(herd.all_synchronized());
      expect_same_everywhere(herd);
      EXPECT_EQ(herd.knowledge(0), newest_of(herd.heard()));
      EXPECT_LE(herd.costs().repairs, 200U) << "each of 100 over either cut link at the most";
    }
  }
}

// More records than the window: news does not wait behind all of them, and none is lost.
TEST(Recovery, NewsOvertakesRepairs) {
  constexpr std::uint64_t kClients = 20'000;
  FakeHerd herd(2, {{0, 1}}, Scheme::kFlood, first(), Recovery::kSync);
  for (std::uint64_t client = 0; client < kClients; ++client) herd.say(0, report(client, 0));
  ASSERT_GT(bytes_of_everything(herd), 4 * kSyncWindow);
  herd.mend(0);
  bool said = false;
  while (herd.deliver_one()) {
    if (said || herd.server(1).records().size() < 10) continue;
    said = true;
    herd.say(0, report(kClients, 0));
    while (herd.server(1).records().find("phone-20000.example.org") == nullptr) {
      ASSERT_TRUE(herd.deliver_one());
    }
    EXPECT_LT(herd.server(1).records().size(), kClients / 3);
  }
  EXPECT_TRUE(herd.all_synchronized());
  EXPECT_TRUE(herd.knowledge(0) == herd.knowledge(1));
  EXPECT_EQ(herd.costs().repairs, kClients);
}

}  // namespace
}  // namespace herd
