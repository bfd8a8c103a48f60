#include "sim/run/clients/fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/worlds/world/event_gate.h"
#include "tests/sim/measure/toy_herd.h"
#include "tests/sim/run/fleet_play.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Fleet, IsReadyOnceAllAreConnected) {
  FleetPlay play(HandPlan().client("a", 0).client("b", 2));
  play.fleet.connect([&](const auto& error) { play.ready.push_back(error); });
  EXPECT_EQ(play.world.take(), "connect 0 to 0\nconnect 1 to 2\n");
  play.connected(1);
  EXPECT_THAT(play.ready, IsEmpty());
  play.connected(0);
  EXPECT_THAT(play.ready, ElementsAre(std::nullopt));
}

TEST(Fleet, ConnectsOnlySoManyAtOnce) {
  HandPlan plan;
  for (int i = 0; i < 200; ++i) plan.client("c" + std::to_string(i));
  FleetPlay play(plan);
  play.fleet.connect([&](const auto& error) { play.ready.push_back(error); });
  const std::string first = play.world.take();
  EXPECT_EQ(std::count(first.begin(), first.end(), '\n'), 128);
  play.connected(5);
  EXPECT_EQ(play.world.take(), "connect 128 to 0\n");
  for (std::uint32_t i = 0; i < 200; ++i) {
    EXPECT_THAT(play.ready, IsEmpty());
    if (i != 5) play.connected(i);
  }
  EXPECT_THAT(play.ready, ElementsAre(std::nullopt));
}

TEST(Fleet, SaysOnceWhoCannotConnect) {
  FleetPlay play(HandPlan().client("a", 0).client("b", 2));
  play.fleet.connect([&](const auto& error) { play.ready.push_back(error); });
  play.gone(1, false);
  play.connected(0);
  EXPECT_THAT(play.ready, ElementsAre("client b cannot connect to server C: broken"));
}

TEST(Fleet, SendsWhatIsPlannedWhenItIsPlanned) {
  FleetPlay play(kiwi()
                     .update(0, at_ms(1))
                     .query(0, at_ms(2), "WHATSAT kiwi 10 5")
                     .line(0, at_ms(2), "HELLO  there"));
  play.start();
  EXPECT_EQ(play.world.wake(), at_ms(1));
  EXPECT_EQ(play.until_ms(1), sent(0, kReport1));
  EXPECT_EQ(play.fleet.progress().updates_sent, 1U);
  EXPECT_EQ(play.world.wake(), at_ms(2));
  // No answer has come: the loop is open.
  EXPECT_EQ(play.until_ms(2), sent(0, "WHATSAT kiwi 10 5") + sent(0, "HELLO  there"));
  EXPECT_EQ(play.log().actions_done, 3U);
  EXPECT_EQ(play.world.wake(), std::nullopt);
}

TEST(Fleet, WaitsBehindEventsThatAreStillToBePlayed) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)).line(0, at_ms(3), "HELLO"));
  EventGate gate([&] { play.fleet.time_reached(); });
  play.fleet.set_gate(gate);
  play.start();
  EXPECT_EQ(play.until_ms(1), "") << "no event has been played yet";
  gate.open_before(at_ms(2));
  EXPECT_EQ(play.world.take(), sent(0, kReport1));
  EXPECT_EQ(play.until_ms(5), "");
  EXPECT_FALSE(play.idle());
  gate.open_before(Instant::max());
  EXPECT_THAT(play.world.take(), testing::EndsWith(sent(0, "HELLO")));
  EXPECT_EQ(play.log().actions_done, 3U);
  EXPECT_EQ(play.log().schedule_lag.max(), Duration(std::chrono::milliseconds(3)));
}

TEST(Fleet, DoesNothingBeforeItsTime) {
  FleetPlay play(kiwi().update(0, at_ms(1)));
  play.world.advance(at_ms(-20), play.fleet);
  play.start();
  EXPECT_EQ(play.until_ms(0), "");
  EXPECT_FALSE(play.idle());
}

TEST(Fleet, CatchesUpWhereItIsWokenLate) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)).line(0, at_ms(9), "x"));
  play.start();
  // The fleet is woken once, at 5 ms, and sends both with the client times of the plan.
  play.world.oversleep(at_ms(5), play.fleet);
  EXPECT_EQ(play.world.take(),
            sent(0, kReport1) + sent(0, "IAMAT kiwi +34.068930-118.445127 1000000000.002000000"));
  EXPECT_EQ(play.world.wake(), at_ms(9));
}

TEST(Fleet, AScriptedReportGoesOutWordForWord) {
  Plan plan = kiwi();
  plan.lines.push_back("  IAMAT fox  +1.50-002.5 12.50");
  plan.subjects.push_back("fox");
  plan.updates.push_back({at_ms(1), 0, 1, 12'500'000'000, {}, 0});
  plan.actions.push_back({at_ms(1), 0, ActionKind::kUpdate, 0});
  FleetPlay play(plan);
  play.start();
  EXPECT_EQ(play.until_ms(1), sent(0, "  IAMAT fox  +1.50-002.5 12.50"));
  // The answer must repeat the time as it was written.
  play.say(0, "AT A -1.0 fox +1.50-002.5 12.50");
  EXPECT_THAT(play.log().violations, IsEmpty());
  FleetPlay other(plan);
  other.start().until_ms(1);
  other.say(0, "AT A -1.0 fox +1.50-002.5 12.5");
  EXPECT_THAT(other.log().violations, SizeIs(1));
}

TEST(Fleet, NotesWhenEachAnswerCame) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start().until_ms(10);
  play.say(0, kAnswer1);
  play.until_ms(30);
  play.say(0, kAnswer2);
  EXPECT_THAT(play.log().answered, ElementsAre(at_ms(10), at_ms(30)));
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(Fleet, IsIdleOnceAllIsDoneAndAnswered) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start();
  EXPECT_FALSE(play.idle());
  play.until_ms(1);
  play.say(0, kAnswer1);
  EXPECT_FALSE(play.idle());  // another update is planned
  play.until_ms(2);
  EXPECT_FALSE(play.idle());  // and its answer is due
  play.say(0, kAnswer2);
  EXPECT_TRUE(play.idle());
}

TEST(Fleet, IsIdleWithoutAPlan) {
  FleetPlay play(kiwi());
  EXPECT_TRUE(play.start().idle());
}

TEST(Fleet, IsIdleOnceStopped) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(9)));
  play.start().until_ms(1);
  play.fleet.stop();
  EXPECT_FALSE(play.idle());
  play.say(0, kAnswer1);
  EXPECT_TRUE(play.idle());
  EXPECT_EQ(play.until_ms(20), "");
  EXPECT_EQ(play.log().actions_done, 1U);
}

TEST(Fleet, WhatACutConnectionOwesIsOwedNoMore) {
  FleetPlay play(kiwi().update(0, at_ms(1)));
  play.start().until_ms(1);
  play.gone(0, false);
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(play.log().answered, ElementsAre(std::nullopt));
  EXPECT_EQ(lost(play.log()), 1U);
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(Fleet, LinesWaitWhileItReconnects) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start();
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(99), "");
  EXPECT_FALSE(play.idle());
  EXPECT_EQ(play.fleet.progress().updates_sent, 2U);
  // After 100 ms it redials, then sends the lines in order, with their own times.
  const std::string redialled = play.until_ms(100);
  EXPECT_EQ(redialled, "connect 1 to 0\n" + sent(1, kReport1) +
                           sent(1, "IAMAT kiwi +34.068930-118.445127 1000000000.002000000"));
  play.connected(1);
  play.say(1, kAnswer1);
  play.say(1, kAnswer2);
  EXPECT_THAT(play.log().answered, ElementsAre(at_ms(100), at_ms(100)));
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(Fleet, LinesOfADialThatFailedGoOutOnTheNext) {
  FleetPlay play(kiwi().update(0, at_ms(1)));
  play.start();
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(100), "connect 1 to 0\n" + sent(1, kReport1));
  play.gone(1, false);  // before it was connected
  EXPECT_FALSE(play.idle());
  EXPECT_EQ(play.until_ms(299), "");  // now it waits twice as long
  EXPECT_EQ(play.until_ms(300), "connect 2 to 0\n" + sent(2, kReport1));
  play.connected(2);
  play.gone(2, false);  // the server may have it, so it is not sent again
  EXPECT_TRUE(play.idle());
  EXPECT_EQ(play.until_ms(400), "connect 3 to 0\n");
  EXPECT_EQ(lost(play.log()), 3U);
}

TEST(Fleet, OneClientsCutDoesNotHoldTheOthersBack) {
  FleetPlay play(
      HandPlan().client("a", 0).client("b", 1).line(1, at_ms(50), "x").line(0, at_ms(60), "y"));
  play.start();
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(99), sent(1, "x"));
  EXPECT_EQ(play.until_ms(100), "connect 2 to 0\n" + sent(2, "y"));
}

}  // namespace
}  // namespace sim
