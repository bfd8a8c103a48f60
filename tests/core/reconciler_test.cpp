// The order in which a server compares with many neighbours.
#include "core/reconciler.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/record_store.h"
#include "core/sync_lines.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

// A server without records that dials neighbours, each of which holds some records.
class Turns : public Reconciler::Output {
 public:
  explicit Turns(std::uint32_t neighbors, std::optional<Duration> every = std::nullopt)
      : reconciler(store, std::vector(neighbors, Reconciler::Neighbor{true, 5s}), every, *this) {}

  void say(NeighborId to, std::string_view line, Moment) override {
    if (line.starts_with("SYNC BEGIN ")) begun.push_back(to.value);
  }
  std::size_t repair(NeighborId, const RecordView&, Moment) override { return 0; }
  void synchronized(NeighborId, Moment) override { ++synchronized_told; }

  void link_up(std::uint32_t neighbor, std::uint64_t holds) {
    reconciler.link_up(NeighborId{neighbor}, now);
    reconciler.take(NeighborId{neighbor}, SyncHold{{holds, 1}}, now);
  }
  void end(std::uint32_t neighbor) { reconciler.take(NeighborId{neighbor}, SyncEnd{0}, now); }
  std::vector<std::uint32_t> take_begun() { return std::exchange(begun, {}); }

  using Begun = std::vector<std::uint32_t>;
  RecordStore store;
  Reconciler reconciler;
  Moment now;
  Begun begun;
  int synchronized_told = 0;
};

TEST(Reconciler, BeginsWithOneAndGoesOnWithOneMoreForEachThatIsDone) {
  Turns turns(8);
  for (std::uint32_t i = 0; i < 8; ++i) turns.link_up(i, i == 5 ? 100 : 10);
  EXPECT_EQ(turns.take_begun(), Turns::Begun{0}) << "nobody else was there yet";
  turns.end(0);
  EXPECT_EQ(turns.take_begun(), (Turns::Begun{5, 1})) << "first the one that holds most";
  turns.end(1);
  EXPECT_EQ(turns.take_begun(), (Turns::Begun{2, 3}));
  turns.end(5);
  EXPECT_EQ(turns.take_begun(), (Turns::Begun{4, 6}));
  turns.end(2);
  EXPECT_EQ(turns.take_begun(), Turns::Begun{7});
  for (const std::uint32_t i : {3U, 4U, 6U, 7U}) turns.end(i);
  EXPECT_EQ(turns.synchronized_told, 8);

  // After all comparisons are over, new links must wait for their turn again.
  for (const std::uint32_t i : {1U, 2U, 3U}) {
    turns.reconciler.link_down(NeighborId{i}, turns.now);
    turns.link_up(i, 10);
  }
  EXPECT_EQ(turns.take_begun(), Turns::Begun{1});
}

TEST(Reconciler, TurnOfALinkThatGoesDownIsTheNext) {
  Turns turns(3);
  for (std::uint32_t i = 0; i < 3; ++i) turns.link_up(i, 10);
  EXPECT_EQ(turns.take_begun(), Turns::Begun{0});
  turns.reconciler.link_down(NeighborId{0}, turns.now);
  EXPECT_EQ(turns.take_begun(), Turns::Begun{1});
  turns.reconciler.link_down(NeighborId{2}, turns.now);
  EXPECT_EQ(turns.take_begun(), Turns::Begun{}) << "it had no turn to give";
}

TEST(Reconciler, ChecksOnlyWhatIsUnderWay) {
  Turns turns(2);
  const NeighborId neighbor{0};
  EXPECT_EQ(turns.reconciler.next_check(neighbor, turns.now), std::nullopt);
  turns.link_up(0, 10);
  EXPECT_EQ(turns.reconciler.next_check(neighbor, turns.now), Instant{5s});
  turns.now.run = Instant{3s};
  turns.reconciler.heard_from(neighbor, turns.now);
  EXPECT_EQ(turns.reconciler.next_check(neighbor, turns.now), Instant{8s});
  turns.end(0);
  EXPECT_EQ(turns.reconciler.next_check(neighbor, turns.now), std::nullopt);
}

// A server that compares with its neighbour every second.
class Routine : public testing::Test {
 protected:
  static constexpr NeighborId kNeighbor{0};
  static constexpr RangeSum kSame{}, kMore{5, 1};

  Routine() {
    turns_.reconciler.link_up(kNeighbor, turns_.now);
    hear(kSame);
  }
  void hear(const RangeSum& held) { turns_.reconciler.take(kNeighbor, SyncHold{held}, turns_.now); }
  void pass_a_second() {
    turns_.now.run += 1s;
    turns_.reconciler.time_passed(kNeighbor, turns_.now);
  }
  bool is_synchronized() const { return turns_.reconciler.is_synchronized(kNeighbor); }

  Turns turns_{1, 1s};
};

TEST_F(Routine, IsNoRepairBeforeItFindsADifference) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(is_synchronized());
    pass_a_second();
    EXPECT_TRUE(is_synchronized()) << "it asks, and nothing is known to lack";
    hear(kSame);
  }
  pass_a_second();
  hear(kMore);
  EXPECT_EQ(turns_.take_begun(), Turns::Begun{0});
  EXPECT_FALSE(is_synchronized());
  turns_.end(0);
  EXPECT_TRUE(is_synchronized());
}

TEST_F(Routine, IsOneIfASchemeAsksForItToo) {
  pass_a_second();
  turns_.reconciler.compare(kNeighbor, turns_.now);
  EXPECT_FALSE(is_synchronized());
  hear(kSame);
  EXPECT_FALSE(is_synchronized()) << "it compares once more";
  hear(kSame);
  EXPECT_TRUE(is_synchronized());
}

TEST_F(Routine, IsOneIfARepairWaitsForIt) {
  pass_a_second();
  EXPECT_FALSE(turns_.reconciler.passes_on_to(kNeighbor));
  EXPECT_FALSE(is_synchronized());
  hear(kSame);
  hear(kSame);
  EXPECT_TRUE(is_synchronized());
}

}  // namespace
}  // namespace herd
