// The scheme gossip: what it sends is bounded whatever the dice, and pull makes it certain.
#include "core/schemes/gossip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/core/fake_herd.h"
#include "tests/core/same_everywhere.h"
#include "tests/core/schemes/graphs.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

Scheme gossip(std::int64_t fanout) {
  Scheme scheme(kGossipInfo);
  scheme.set("fanout", fanout);
  return scheme;
}

Scheme in_rounds(std::int64_t fanout, std::int64_t choice, std::int64_t count) {
  Scheme scheme = gossip(fanout);
  scheme.set("every", Duration(100ms).count());
  scheme.set("stop", SchemeParameter::counted(choice, count));
  return scheme;
}

// Returns how many servers hold a record of the client.
std::uint64_t reached(const FakeHerd& herd, const std::string& client) {
  std::uint64_t out = 0;
  for (std::uint32_t i = 0; i < herd.size(); ++i) {
    out += herd.server(i).records().find(client) != nullptr;
  }
  return out;
}

// Each server that has it sends it to as many as the fanout says, or to all but its sender.
TEST(Gossip, AnUpdateTakesTheSumOfTheFanoutsOfWhomItReaches) {
  for (const std::int64_t fanout : {1, 2, 3, 5, 100}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      FakeHerd herd(12, complete(12), gossip(fanout), any_delivery(seed));
      herd.start();
      herd.say(0, report(1, seed));
      herd.settle();
      const std::uint64_t others = reached(herd, "phone-1") - 1;
      const auto most = static_cast<std::uint64_t>(fanout);
      EXPECT_EQ(herd.counts().messages,
                std::min<std::uint64_t>(most, 11) + others * std::min<std::uint64_t>(most, 10));
      EXPECT_TRUE(fanout < 100 || others == 11) << others;
    }
  }
}

TEST(Gossip, RoundsEndAfterTheirNumber) {
  FakeHerd herd(2, {{0, 1}}, in_rounds(1, 0, 4), any_delivery(1));
  herd.start();
  herd.say(0, report(1, 1));
  herd.settle();
  EXPECT_EQ(herd.counts().messages, 0U) << "the first round comes at its phase";
  herd.advance(10s);
  EXPECT_EQ(herd.counts().messages, 4U) << "server 1 has nobody else to send it to";
  EXPECT_EQ(herd.counts().duplicates, 3U);
}

TEST(Gossip, FeedbackCoolsARecord) {
  FakeHerd herd(2, {{0, 1}}, in_rounds(1, 1, 3), any_delivery(1));
  herd.start();
  herd.say(0, report(1, 1));
  herd.advance(10s);
  EXPECT_EQ(herd.counts().messages, 4U) << "one is news, three are held";
  EXPECT_EQ(herd.costs().control_lines, 3U);
}

// Three digits, twice: each server sends a record six times.
TEST(Gossip, SwimSendsARecordByTheSizeOfTheHerd) {
  const std::uint32_t servers = 100;
  std::vector<Edge> line;
  for (std::uint32_t i = 1; i < servers; ++i) line.emplace_back(i - 1, i);
  FakeHerd herd(servers, line, in_rounds(1, 2, 2), [](std::uint64_t) { return 0; });
  herd.start();
  herd.say(0, report(1, 1));
  herd.advance(1min);
  const std::uint64_t others = reached(herd, "phone-1") - 1;
  EXPECT_EQ(others, 99U) << "each has one neighbour to send it to, six times";
  // The last one has nobody.
  EXPECT_EQ(herd.counts().messages, 6U * 99U);
}

TEST(Gossip, SettledMeansSilent) {
  for (const Scheme& scheme :
       {gossip(2), in_rounds(2, 0, 3), in_rounds(2, 1, 2), in_rounds(2, 2, 4)}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      FakeHerd herd(9, complete(9), scheme, any_delivery(seed));
      herd.start();
      play_reports(herd);
      expect_quiet(herd);
      for (std::uint32_t i = 0; i < 9; ++i) EXPECT_EQ(herd.server(i).deadline(), std::nullopt);
    }
  }
}

TEST(Gossip, PullFindsWhatGossipMissed) {
  Scheme scheme = gossip(1);
  scheme.set("pull", Duration(1s).count());
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    FakeHerd herd(10, complete(10), scheme, any_delivery(seed), Recovery::kSync);
    herd.start();
    for (std::uint32_t i = 0; i < 30; ++i) herd.say(i % 10, report(i, 1));
    herd.settle();
    EXPECT_FALSE(herd.server(0).is_quiet());
    for (int i = 0; i < 60; ++i) {
      bool quiet = true;
      for (std::uint32_t s = 0; s < 10; ++s) quiet &= herd.server(s).is_quiet();
      if (quiet) break;
      herd.advance(1s);
    }
    expect_quiet(herd);
    expect_same_everywhere(herd);
    EXPECT_EQ(herd.server(3).records().size(), 30U);
  }
}

TEST(Gossip, WrongLinesAreRefused) {
  const std::string entry = "0123456789abcdef:1479413884.5:0123456789abcdef";
  for (const std::string& line :
       {std::string("HELD"), std::string("HELD x"), "HELD " + entry + " x",
        std::string("HELD 0123456789abcdef:1:0123456789abcde")}) {
    FakeHerd herd(3, complete(3), in_rounds(1, 1, 2), any_delivery(1));
    herd.start();
    herd.expect_refused(1, 2, line);
  }
  FakeHerd herd(3, complete(3), gossip(1), any_delivery(1));
  herd.start();
  herd.expect_refused(1, 2, "HELD " + entry);
}

TEST(Gossip, ParametersThatDoNotFitTogetherAreNamed) {
  const auto conflict = kGossipInfo.conflict;
  EXPECT_EQ(conflict(gossip(2), Recovery::kNone), "");
  Scheme scheme = gossip(2);
  scheme.set("stop", SchemeParameter::counted(1, 2));
  EXPECT_NE(conflict(scheme, Recovery::kNone), "");
  scheme = gossip(2);
  scheme.set("pull", Duration(1s).count());
  EXPECT_NE(conflict(scheme, Recovery::kNone), "");
  EXPECT_EQ(conflict(scheme, Recovery::kSync), "");
  scheme = gossip(2);
  scheme.set("every", 1);
  EXPECT_NE(conflict(scheme, Recovery::kNone), "");
}

}  // namespace
}  // namespace herd
