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
  explicit Turns(std::uint32_t neighbors)
      : reconciler(store, std::vector(neighbors, Reconciler::Neighbor{true, 5s}), std::nullopt,
                   *this) {}

  void say(NeighborId to, std::string_view line, Moment) override {
    if (line.starts_with("SYNC BEGIN ")) begun.push_back(to.value);
  }
  std::size_t repair(NeighborId, const RecordView&, Moment) override { return 0; }
  void synchronized(NeighborId, Moment) override { ++synchronized_told; }

  void link_up(std::uint32_t neighbor, std::uint64_t holds) {
    reconciler.link_up(NeighborId{neighbor}, now);
    reconciler.take(NeighborId{neighbor}, SyncHold{{holds, 1}}, now);
  }
  // The only link's neighbour says what it holds.
  void hear_hold(const RangeSum& held) { reconciler.take(NeighborId{0}, SyncHold{held}, now); }
  bool holds_the_same() const { return reconciler.holds_the_same(NeighborId{0}); }
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

constexpr RangeSum kNothing{}, kMore{5, 1};

TEST(Reconciler, KnowsThatBothEndpointsHoldTheSameUntilOneAcceptsAReport) {
  Turns turns(1);
  turns.reconciler.link_up(NeighborId{0}, turns.now);
  EXPECT_FALSE(turns.holds_the_same());
  turns.hear_hold(kNothing);
  EXPECT_TRUE(turns.holds_the_same());
  turns.reconciler.compare(NeighborId{0}, turns.now);
  EXPECT_FALSE(turns.reconciler.is_synchronized(NeighborId{0}));
  EXPECT_TRUE(turns.holds_the_same()) << "also during the next comparison";
  turns.reconciler.record_taken("kiwi");
  EXPECT_FALSE(turns.holds_the_same());
  turns.hear_hold(kNothing);
  EXPECT_TRUE(turns.reconciler.is_synchronized(NeighborId{0}));
  EXPECT_FALSE(turns.holds_the_same()) << "it said what it held before the report";
  turns.reconciler.compare(NeighborId{0}, turns.now);
  turns.hear_hold(kNothing);
  EXPECT_TRUE(turns.holds_the_same());
  turns.reconciler.link_down(NeighborId{0}, turns.now);
  EXPECT_FALSE(turns.holds_the_same());
}

TEST(Reconciler, KnowsNothingOfTheSameAfterAComparisonThatFoundADifference) {
  for (const bool leads : {true, false}) {
    Turns turns(1);
    turns.reconciler.link_up(NeighborId{0}, turns.now);
    turns.hear_hold(kNothing);
    if (leads) {
      turns.hear_hold(kMore);
    } else {
      turns.reconciler.take(NeighborId{0}, SyncBegin{kNothing}, turns.now);
    }
    EXPECT_FALSE(turns.holds_the_same());
    turns.end(0);
    EXPECT_TRUE(turns.reconciler.is_synchronized(NeighborId{0}));
    EXPECT_FALSE(turns.holds_the_same());
  }
}

}  // namespace
}  // namespace herd
