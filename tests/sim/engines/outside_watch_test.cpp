#include "sim/engines/watch/outside_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/engines/watch_support.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Three servers, and two updates of a client.
class OutsideWatchTest : public testing::Test {
 protected:
  WatchedHerd herd_{small_herd(3, {{0, 1}, {1, 2}}),
                    HandPlan().client("kiwi").update(0, at_ms(1)).update(0, at_ms(2))};
  OutsideWatch& watch_ = herd_.outside;
  Recorder& recorder_ = herd_.recorder;
};

TEST_F(OutsideWatchTest, AnAnswerAcceptsOnce) {
  EXPECT_FALSE(watch_.decided(0));
  EXPECT_EQ(watch_.accepted_as(0), kNoIndex);
  watch_.answered(0, 1, at_ms(5));
  watch_.answered(0, 2, at_ms(6));
  ASSERT_THAT(recorder_.accepted(), SizeIs(1));
  EXPECT_EQ(watch_.accepted_as(0), 0U);
  EXPECT_TRUE(watch_.decided(0));
  EXPECT_TRUE(watch_.holds(1, 0));
  EXPECT_FALSE(watch_.holds(2, 0));
  EXPECT_FALSE(watch_.holds(1, 1));
}

TEST_F(OutsideWatchTest, AnAnswerToOldNewsIsSuperseded) {
  watch_.answered(1, 0, at_ms(5));
  watch_.answered(0, 0, at_ms(6));
  EXPECT_THAT(recorder_.accepted(), SizeIs(1));
  EXPECT_THAT(recorder_.superseded(), SizeIs(1));
  EXPECT_TRUE(watch_.decided(0));
  EXPECT_EQ(watch_.accepted_as(0), kNoIndex);
  watch_.found(0, 2, at_ms(7));
  EXPECT_THAT(recorder_.deliveries(), IsEmpty()) << "nobody's update can be delivered";
}

TEST_F(OutsideWatchTest, WhatWasFoundIsADeliveryOnce) {
  watch_.answered(0, 0, at_ms(5));
  watch_.found(0, 1, at_ms(7));
  watch_.found(0, 1, at_ms(8));
  watch_.found(0, 0, at_ms(9));
  EXPECT_THAT(all(recorder_.deliveries()),
              ElementsAre(std::to_string(kNoIndex) + " to 1 in 0 hops, 2000000 ns"));
}

TEST_F(OutsideWatchTest, FoundBeforeItIsKnownToBeAccepted) {
  watch_.found(0, 2, at_ms(4));
  watch_.found(1, 2, at_ms(4));
  EXPECT_THAT(recorder_.accepted(), IsEmpty());
  watch_.answered(0, 0, at_ms(5));
  EXPECT_THAT(
      all(recorder_.deliveries()),
      ElementsAre(std::to_string(kNoIndex) + " to 2 in 0 hops, at a time that is not known"))
      << "it cannot be before the acceptance, and the other still waits";
  watch_.answered(1, 1, at_ms(6));
  EXPECT_THAT(recorder_.deliveries(), SizeIs(2));
}

// A server that tells its neighbours first, and its client last.
TEST_F(OutsideWatchTest, TheFirstSignOfTheOriginDatesTheAcceptance) {
  watch_.found(0, 0, at_ms(10));
  watch_.found(0, 1, at_ms(110));
  watch_.found(0, 2, at_ms(210));
  watch_.answered(0, 0, at_ms(300));
  ASSERT_THAT(recorder_.accepted(), SizeIs(1));
  EXPECT_EQ(recorder_.accepted()[0].accepted, at_ms(10));
  const std::string from = std::to_string(kNoIndex);
  EXPECT_THAT(all(recorder_.deliveries()), ElementsAre(from + " to 1 in 0 hops, 100000000 ns",
                                                       from + " to 2 in 0 hops, 200000000 ns"));
  EXPECT_EQ(recorder_.accepted()[0].coverage(), std::chrono::milliseconds(200));
}

TEST_F(OutsideWatchTest, WithoutASignOfTheOriginNoLatencyIsKnown) {
  watch_.found(0, 1, at_ms(110));
  watch_.answered(0, 0, at_ms(300));
  watch_.found(0, 2, at_ms(350));
  const std::string from = std::to_string(kNoIndex);
  EXPECT_THAT(all(recorder_.deliveries()),
              ElementsAre(from + " to 1 in 0 hops, at a time that is not known",
                          from + " to 2 in 0 hops, at a time that is not known"))
      << "50 ms after the answer would be too short";
  EXPECT_EQ(recorder_.accepted()[0].reached, 3U) << "this is known all the same";
  EXPECT_EQ(recorder_.accepted()[0].coverage(), std::nullopt);
  EXPECT_EQ(recorder_.delivery_count(), 2U);
  EXPECT_EQ(recorder_.delivery_percentiles({50})[0], std::nullopt);
}

TEST_F(OutsideWatchTest, WhatIsFoundLateHasNoLatency) {
  watch_.answered(0, 0, at_ms(5));
  watch_.found(0, 1, at_ms(6));
  watch_.found(0, 2, at_ms(5000), false);
  const std::string from = std::to_string(kNoIndex);
  EXPECT_THAT(all(recorder_.deliveries()),
              ElementsAre(from + " to 1 in 0 hops, 1000000 ns",
                          from + " to 2 in 0 hops, at a time that is not known"));
  EXPECT_EQ(recorder_.accepted()[0].coverage(), std::nullopt);
}

TEST_F(OutsideWatchTest, ANewerOneFoundHidesTheOlder) {
  watch_.answered(0, 0, at_ms(5));
  watch_.answered(1, 0, at_ms(6));
  watch_.found(1, 1, at_ms(7));
  EXPECT_TRUE(watch_.holds(1, 0)) << "or something newer";
  watch_.found(0, 1, at_ms(8));
  EXPECT_THAT(recorder_.deliveries(), SizeIs(1));
}

TEST_F(OutsideWatchTest, AServerThatStopsForgets) {
  watch_.answered(0, 0, at_ms(5));
  watch_.found(0, 1, at_ms(6));
  watch_.server_stopped(1, at_ms(7));
  EXPECT_FALSE(watch_.holds(1, 0));
  watch_.server_started(1, at_ms(8));
  watch_.found(0, 1, at_ms(9));
  EXPECT_EQ(recorder_.servers()[1].deliveries_again, 1U);
}

}  // namespace
}  // namespace sim
