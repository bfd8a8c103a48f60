#include "sim/worlds/live/link_direction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class LinkDirectionTest : public testing::Test {
 protected:
  static LinkConditions latency(Duration latency) {
    LinkConditions conditions;
    conditions.latency = latency;
    return conditions;
  }
  LinkDirection make(LinkModel& model) {
    return LinkDirection(
        alarms_, clock_, model,
        [this](std::string_view text, std::string_view ending, const PieceLabel& label) {
          came_ += std::string(text).append(ending);
          came_ += "/" + std::to_string(label.message) + " ";
          if (--awaited_ == 0) loop_.stop();
        });
  }
  void run_until(int pieces) {
    awaited_ = pieces;
    loop_.run();
  }

  IoLoop loop_;
  AlarmClock alarms_{loop_};
  RunClock clock_;
  std::string came_;
  int awaited_ = 0;
};

TEST_F(LinkDirectionTest, OnAnIdealLinkAllArrivesAtOnce) {
  LinkModel model(1, "ideal", {});
  LinkDirection direction = make(model);
  direction.send("one", "\n", {PieceLabel::Kind::kBytes, 0, 7});
  EXPECT_EQ(came_, "one\n/7 ");
  EXPECT_TRUE(direction.empty());
}

TEST_F(LinkDirectionTest, WhatIsSlowArrivesInOrderAndNotTooEarly) {
  LinkModel model(1, "slow", latency(milliseconds(3)));
  LinkDirection direction = make(model);
  const herd::Instant begun = clock_.now();
  direction.send("one", "\n");
  // Ideal from now on, but nothing overtakes.
  direction.set({});
  direction.send("two", "");
  EXPECT_EQ(came_, "");
  EXPECT_EQ(direction.bytes_in_flight(), 7U);
  run_until(2);
  EXPECT_GE(clock_.now() - begun, milliseconds(3));
  EXPECT_EQ(came_, "one\n/0 two/0 ");
}

TEST_F(LinkDirectionTest, AHeldDirectionDeliversNothing) {
  LinkModel model(1, "ideal", {});
  LinkDirection direction = make(model);
  direction.hold();
  direction.send("one", "");
  EXPECT_EQ(came_, "");
  direction.release();
  run_until(1);
  EXPECT_EQ(came_, "one/0 ");
}

TEST_F(LinkDirectionTest, DirectionsOfOneModelDoNotWaitForEachOther) {
  LinkModel model(1, "shared", latency(hours(1)));
  LinkDirection first = make(model), second = make(model);
  first.send("slow", "");
  first.move(model.set({}, clock_.now()));
  second.send("quick", "");
  EXPECT_EQ(came_, "quick/0 ");
}

TEST_F(LinkDirectionTest, WhatWaitsGoesOutAtTheNewRate) {
  LinkConditions conditions;
  conditions.bandwidth_bps = 8;  // a byte takes a second
  LinkModel model(1, "narrow", conditions);
  LinkDirection direction = make(model);
  direction.send("a whole hour of", std::string(3600, '.'));
  direction.send("waiting", "");
  conditions.bandwidth_bps = 80e6;
  direction.set(conditions);
  direction.send("!", "");
  run_until(3);
  EXPECT_EQ(came_.substr(0, 8), "a whole ");
  EXPECT_EQ(came_.substr(came_.size() - 14), "waiting/0 !/0 ");
}

TEST_F(LinkDirectionTest, ALimitThatIsLiftedFreesAllThatWaits) {
  LinkConditions conditions;
  conditions.bandwidth_bps = 8;
  LinkModel model(1, "narrow", conditions);
  LinkDirection first = make(model), second = make(model);
  first.send(std::string(3600, '.'), "");
  second.send("two", "");
  first.send("three", "");
  const Stretch stretch = model.set({}, clock_.now());
  first.move(stretch);
  second.move(stretch);
  run_until(3);
  EXPECT_THAT(came_, testing::HasSubstr("three/0 "));
  EXPECT_THAT(came_, testing::HasSubstr("two/0 "));
  first.send("at once", "");
  EXPECT_THAT(came_, testing::EndsWith("at once/0 "));
}

TEST_F(LinkDirectionTest, UnseenBytesTakeTheirTimeOnTheLink) {
  LinkConditions conditions;
  conditions.bandwidth_bps = 8'000;  // a byte takes a millisecond
  LinkModel model(1, "narrow", conditions);
  LinkDirection direction = make(model);
  const herd::Instant begun = clock_.now();
  direction.send("x", "", {}, 9);
  EXPECT_EQ(direction.bytes_in_flight(), 1U);
  run_until(1);
  EXPECT_GE(clock_.now() - begun, milliseconds(10));
  EXPECT_EQ(came_, "x/0 ");
}

TEST_F(LinkDirectionTest, WhatComesAfterARestartWaitsForNothingBefore) {
  LinkConditions conditions = latency(hours(1));
  conditions.bandwidth_bps = 8;
  LinkModel model(1, "narrow", conditions);
  LinkDirection direction = make(model);
  direction.send("lost", "", {PieceLabel::Kind::kBytes, 0, 3});
  const std::vector<PieceLabel> lost = direction.restart();
  ASSERT_EQ(lost.size(), 1U);
  EXPECT_EQ(lost[0].message, 3U);
  direction.set(latency(milliseconds(1)));
  direction.send("kept", "");
  run_until(1);
  EXPECT_EQ(came_, "kept/0 ");
}

}  // namespace
}  // namespace sim
