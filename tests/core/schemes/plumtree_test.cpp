// The scheme plumtree against its closed forms, and its trees after faults.
#include "core/schemes/plumtree.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/record_entry.h"
#include "tests/core/fake_herd.h"
#include "tests/core/same_everywhere.h"
#include "tests/core/schemes/graphs.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

const Scheme kByOrigin(kPlumtreeInfo);

Scheme shared_tree() {
  Scheme scheme(kPlumtreeInfo);
  scheme.set("trees", 1);
  return scheme;
}

// What a step of a test took.
struct Took {
  std::uint64_t messages = 0, duplicates = 0, control_lines = 0;
  friend bool operator==(const Took&, const Took&) = default;
};

template <class Step>
Took took(const FakeHerd& herd, Step step) {
  const MessageCounts counts = herd.counts();
  const std::uint64_t lines = herd.costs().control_lines;
  step();
  return {herd.counts().messages - counts.messages, herd.counts().duplicates - counts.duplicates,
          herd.costs().control_lines - lines};
}

// Sends a report and lets all timers end.
Took update(FakeHerd& herd, std::uint32_t server, std::uint64_t time) {
  return took(herd, [&] {
    herd.say(server, report(server, time));
    herd.settle();
    herd.advance(10s);
  });
}

TEST(Plumtree, TheFirstUpdateOfAnOriginFloodsAndPrunesAndLaterOnesFollowTheTree) {
  for (const auto& [servers, edges] : {std::pair{5U, ring(5)}, {8U, ring(8)}, {7U, complete(7)}}) {
    const std::uint64_t n = servers, e = edges.size(), spare = 2 * (e - n + 1);
    FakeHerd herd(servers, edges, kByOrigin, any_delivery(servers));
    herd.start();
    for (std::uint32_t origin = 0; origin < servers; ++origin) {
      EXPECT_EQ(update(herd, origin, 1), (Took{2 * e - (n - 1), spare, spare})) << "PRUNE lines";
      for (std::uint64_t time = 2; time < 5; ++time) {
        EXPECT_EQ(update(herd, origin, time), (Took{n - 1, 0, spare})) << "HAVE lines";
      }
    }
    expect_same_everywhere(herd);
  }
}

TEST(Plumtree, ASharedTreeServesEveryOriginFromTheSecondUpdateOn) {
  for (const auto& [servers, edges] : {std::pair{5U, ring(5)}, {7U, complete(7)}}) {
    const std::uint64_t n = servers, e = edges.size();
    FakeHerd herd(servers, edges, shared_tree(), any_delivery(servers));
    herd.start();
    EXPECT_EQ(update(herd, 0, 1).messages, 2 * e - (n - 1));
    for (std::uint32_t origin = 0; origin < servers; ++origin) {
      const Took later = update(herd, origin, 2);
      EXPECT_EQ(later.messages, n - 1) << "origin " << origin;
      EXPECT_EQ(later.duplicates, 0U);
    }
    expect_same_everywhere(herd);
  }
}

// The servers behind a lost link hear of the update by announcements, and graft another.
TEST(Plumtree, AnUpdateComesRoundALostLinkWithoutRecovery) {
  for (const Scheme& scheme : {kByOrigin, shared_tree()}) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      FakeHerd herd(7, complete(7), scheme, any_delivery(seed));
      herd.start();
      update(herd, 0, 1);
      for (const std::size_t link : {seed % 6, (seed + 3) % 6}) herd.cut(link);  // of server 0
      herd.settle();
      update(herd, 0, 2);
      expect_same_everywhere(herd);
      EXPECT_EQ(herd.server(6).records().size(), 1U);
      update(herd, 0, 3);
      EXPECT_EQ(update(herd, 0, 4).messages, 6U) << "the tree is whole again, seed " << seed;
    }
  }
}

// The record is on its way over a link that breaks. Its receiver has the announcement of another.
TEST(Plumtree, ARecordLostOnItsWayIsAskedForAgain) {
  FakeHerd herd(3, complete(3), kByOrigin, any_delivery(1));  // links 0-1, 0-2, 1-2
  herd.start();
  update(herd, 0, 1);
  herd.hold(1);
  herd.say(0, report(0, 2));
  herd.settle();
  herd.cut(1);
  herd.hold(1, false);
  herd.settle();
  herd.advance(10s);
  expect_same_everywhere(herd);
}

// A parent that falls silent without its link's end is replaced.
TEST(Plumtree, AnAnnouncedRecordThatDoesNotComeIsGrafted) {
  FakeHerd herd(3, complete(3), kByOrigin, any_delivery(1));
  herd.start();
  update(herd, 0, 1);
  herd.hold(1);
  herd.say(0, report(0, 2));
  herd.settle();
  herd.advance(10s);
  EXPECT_NE(herd.knowledge(2).find("886.5"), std::string::npos)
      << "server 2 has it from 1, over which it was announced: " << herd.knowledge(2);
}

TEST(Plumtree, SettledMeansSilent) {
  for (const Scheme& scheme : {kByOrigin, shared_tree()}) {
    FakeHerd herd(6, complete(6), scheme, any_delivery(2));
    herd.start();
    play_reports(herd);
    expect_quiet(herd);
    for (std::uint32_t i = 0; i < 6; ++i) EXPECT_EQ(herd.server(i).deadline(), std::nullopt);
    EXPECT_EQ(took(herd, [&] { herd.advance(1h); }), Took{});
    expect_same_everywhere(herd);
  }
}

TEST(Plumtree, WrongLinesAreRefused) {
  const std::string entry = "0123456789abcdef:1479413884.5:0123456789abcdef";
  for (const std::string& line :
       {std::string("TREE"), std::string("TREE HAVE"), std::string("TREE HAVE S1"),
        "TREE HAVE S9 " + entry, "TREE HAVE * " + entry, "TREE HAVE S1 " + entry + " x",
        std::string("TREE HAVE S1 0123456789abcdef:x:0123456789abcdef"),
        std::string("TREE GRAFT S1 0123456789ABCDEF"), std::string("TREE GRAFT S1 12"),
        std::string("TREE PRUNE S1 S2"), std::string("TREE PRUNE"), std::string("TREE CUT S1")}) {
    FakeHerd herd(4, complete(4), kByOrigin, any_delivery(1));
    herd.start();
    herd.expect_refused(1, 2, line);
    EXPECT_EQ(herd.costs().control_lines, 0U) << line << " has no effect";
  }
  FakeHerd herd(4, complete(4), shared_tree(), any_delivery(1));
  herd.start();
  herd.expect_refused(1, 2, "TREE PRUNE S1");
}

// Questions for older records of a client may wait behind a lost packet, and all arrive at once.
TEST(Plumtree, WhoAsksAgainGetsARecordOnlyOnceOverALink) {
  for (const Scheme& scheme : {kByOrigin, shared_tree()}) {
    FakeHerd herd(3, complete(3), scheme, any_delivery(1));  // links 0-1, 0-2, 1-2
    herd.start();
    update(herd, 0, 1);
    const std::string root = scheme == kByOrigin ? "S1" : "*";
    std::string graft = "TREE GRAFT " + root + " ";
    append_hash(graft, hash_of_client("phone-0"));
    const auto ask = [&] {
      return took(herd, [&] {
        for (int i = 0; i < 3; ++i) herd.say_on_link(1, 2, graft);
        herd.settle();
      });
    };
    EXPECT_EQ(ask().messages, 0U) << "in the flood one of the two has sent it to the other";
    herd.say_on_link(1, 2, "TREE PRUNE " + root);
    herd.say(0, report(0, 2));
    herd.settle();
    EXPECT_EQ(ask().messages, 1U) << "it was only announced";
    herd.cut(2);
    herd.settle();
    herd.mend(2);
    herd.settle();
    EXPECT_EQ(ask().messages, 1U) << "what was sent on the old connection may be lost";
  }
}

// Nobody holds what was announced: the announcers are asked once each.
TEST(Plumtree, AFalseAnnouncementEnds) {
  FakeHerd herd(4, complete(4), kByOrigin, any_delivery(1));
  herd.start();
  for (const std::uint32_t from : {1U, 2U, 3U}) {
    herd.say_on_link(from, 0, "TREE HAVE S2 0123456789abcdef:1479413884.5:0123456789abcdef");
  }
  herd.settle();
  herd.advance(10s);
  EXPECT_EQ(herd.costs().control_lines, 3U) << "a GRAFT for each";
  EXPECT_TRUE(herd.server(0).is_quiet());
}

}  // namespace
}  // namespace herd
