// The scheme gossipsub: what a mesh costs, and what is told outside of it.
#include "core/schemes/gossipsub.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/core/fake_herd.h"
#include "tests/core/same_everywhere.h"
#include "tests/core/schemes/graphs.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kAll = 1'000'000;

using Values = std::initializer_list<std::pair<std::string_view, std::int64_t>>;

Scheme gossipsub(Values values = {}) {
  Scheme scheme(kGossipsubInfo);
  for (const auto& [parameter, value] : values) scheme.set(parameter, value);
  return scheme;
}

// What one update cost, in a herd whose meshes are made.
struct Cost {
  std::uint64_t messages = 0, control_lines = 0;
};
Cost cost_of(FakeHerd& herd, std::uint32_t origin, std::uint64_t client) {
  const Cost before{herd.counts().messages, herd.costs().control_lines};
  herd.say(origin, report(client, 1));
  herd.settle();
  return {herd.counts().messages - before.messages,
          herd.costs().control_lines - before.control_lines};
}

FakeHerd settled_herd(std::uint32_t servers, const Scheme& scheme, FakeHerd::Choose choose) {
  FakeHerd herd(servers, complete(servers), scheme, std::move(choose));
  herd.start();
  herd.settle();
  herd.advance(5s);
  return herd;
}

TEST(Gossipsub, IsAFloodWhereAllNeighboursAreInTheMesh) {
  FakeHerd herd(5, complete(5), gossipsub(), any_delivery(1));
  herd.start();
  herd.settle();
  for (std::uint32_t i = 0; i < 20; ++i) {
    EXPECT_EQ(cost_of(herd, i % 5, i).messages, 2U * 10 - 4);
    herd.advance(300ms);
  }
}

TEST(Gossipsub, FloodsUntilItsFirstHeartbeat) {
  FakeHerd herd(20, complete(20), gossipsub({{"lazy", 0}}), any_delivery(1));
  herd.start();
  herd.settle();
  EXPECT_EQ(cost_of(herd, 3, 1).messages, 2U * 190 - 19);
  herd.advance(2s);
  EXPECT_LT(cost_of(herd, 3, 2).messages, 190U);
}

// With M links in the meshes an update takes 2M - (N - 1) messages, from wherever it comes. If it
// is only told of, each of these is a TELL, and each server asks for it once.
TEST(Gossipsub, AnUpdateCostsTheLinksOfTheMesh) {
  constexpr std::uint32_t kServers = 20;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    FakeHerd sent = settled_herd(kServers, gossipsub({{"lazy", 0}}), any_delivery(seed));
    const std::uint64_t flood = cost_of(sent, 0, 1).messages;
    ASSERT_EQ((flood + kServers - 1) % 2, 0U);
    const std::uint64_t links = (flood + kServers - 1) / 2;
    EXPECT_GE(2 * links, 4U * kServers) << "no mesh has fewer than four";
    EXPECT_LE(2 * links, 12U * kServers) << "and none more than twelve";
    EXPECT_EQ(cost_of(sent, 7, 2).messages, flood);
    expect_same_everywhere(sent);

    FakeHerd told =
        settled_herd(kServers, gossipsub({{"lazy", 0}, {"announce", kAll}}), any_delivery(seed));
    const Cost cost = cost_of(told, 0, 1);
    EXPECT_EQ(cost.messages, kServers - 1U);
    EXPECT_EQ(cost.control_lines, flood + (kServers - 1)) << "each is told, and asks once";
    expect_same_everywhere(told);
  }
}

// On links that take the same time for each line, DONT comes no earlier than the record that is
// sent with it: where nothing waits it saves nothing.
TEST(Gossipsub, DontSavesNoMessageWhereNothingWaits) {
  const auto in_order = [](std::uint64_t) { return 0; };
  FakeHerd without = settled_herd(20, gossipsub({{"lazy", 0}}), in_order);
  FakeHerd with = settled_herd(20, gossipsub({{"lazy", 0}, {"idontwant", 1}}), in_order);
  for (std::uint32_t i = 0; i < 20; ++i) {
    const Cost plain = cost_of(without, i, i), dont = cost_of(with, i, i);
    EXPECT_EQ(dont.messages, plain.messages);
    EXPECT_GT(dont.control_lines, plain.control_lines);
  }
}

TEST(Gossipsub, HeartbeatsTellThoseOutsideTheMesh) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    FakeHerd herd = settled_herd(
        20, gossipsub({{"degree", 1}, {"low", 1}, {"high", 1}, {"lazy", 4}}), any_delivery(seed));
    herd.say(0, report(1, 1));
    herd.settle();
    EXPECT_FALSE(herd.server(0).is_quiet());
    herd.advance(10s);
    expect_same_everywhere(herd);
    expect_quiet(herd);
  }
}

TEST(Gossipsub, PublishesToAllIfItIsToldTo) {
  FakeHerd herd = settled_herd(20, gossipsub({{"lazy", 0}, {"flood_publish", 1}}), any_delivery(1));
  FakeHerd plain = settled_herd(20, gossipsub({{"lazy", 0}}), any_delivery(1));
  EXPECT_GT(cost_of(herd, 0, 1).messages, cost_of(plain, 0, 1).messages);
}

// A server that is full refuses a graft, and is not asked again before the backoff is over.
TEST(Gossipsub, APrunedLinkRests) {
  FakeHerd herd(2, {{0, 1}}, gossipsub({{"degree", 1}, {"low", 1}, {"high", 1}}), any_delivery(1));
  herd.start();
  herd.settle();
  EXPECT_EQ(cost_of(herd, 0, 1).messages, 1U);
  herd.advance(5s);
  herd.say_on_link(0, 1, "MESH PRUNE");
  herd.advance(5s);
  EXPECT_EQ(cost_of(herd, 1, 2).messages, 0U) << "it is out of the mesh of 1";
  herd.say_on_link(0, 1, "MESH GRAFT");
  herd.settle();
  EXPECT_EQ(cost_of(herd, 1, 3).messages, 0U) << "it was refused";
  herd.advance(2min);
  EXPECT_EQ(cost_of(herd, 1, 4).messages, 1U) << "1 has grafted it again";
}

TEST(Gossipsub, SettledMeansSilent) {
  for (const Scheme& scheme :
       {gossipsub(), gossipsub({{"announce", kAll / 2}, {"idontwant", 1}}),
        gossipsub({{"degree", 2}, {"low", 2}, {"high", 3}, {"lazy", 1}, {"backoff", 0}})}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      FakeHerd herd(9, complete(9), scheme, any_delivery(seed));
      herd.start();
      play_reports(herd);
      const std::uint64_t messages = herd.counts().messages;
      herd.advance(1min);
      EXPECT_EQ(herd.counts().messages, messages);
      expect_quiet(herd);
    }
  }
}

TEST(Gossipsub, WrongLinesAreRefused) {
  const std::string entry = "0123456789abcdef:1479413884.5:0123456789abcdef";
  for (const std::string& line :
       {std::string("MESH"), std::string("MESH GRAFT 1"), std::string("MESH PRUNE S1"),
        std::string("MESH HAVE"), std::string("MESH HAVE x"), "MESH HAVE " + entry + " x",
        std::string("MESH WANT"), std::string("MESH WANT 0123"), "MESH TELL " + entry,
        "MESH DONT " + entry, std::string("MESH NOD")}) {
    FakeHerd herd(3, complete(3), gossipsub(), any_delivery(1));
    herd.start();
    herd.expect_refused(1, 2, line);
  }
}

TEST(Gossipsub, ParametersThatDoNotFitTogetherAreNamed) {
  const auto conflict = kGossipsubInfo.conflict;
  EXPECT_EQ(conflict(gossipsub(), Recovery::kNone), "");
  for (const Values& values : {Values{{"low", 7}}, Values{{"high", 5}}, Values{{"gossip", 6}}}) {
    EXPECT_NE(conflict(gossipsub(values), Recovery::kNone), "");
  }
}

}  // namespace
}  // namespace herd
