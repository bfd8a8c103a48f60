// Tests a fleet whose clients move: their old connections, and the times of their handovers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "sim/run/clients/fleet.h"
#include "tests/sim/measure/toy_herd.h"
#include "tests/sim/run/fleet_play.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Returns the latencies of the handovers that have one.
std::vector<Duration> handover_latencies(const FleetLog& log) {
  std::vector<Duration> out;
  for (const HandoverLog& each : log.handovers) {
    if (each.last_answer && each.first_answer) {
      out.push_back(*each.first_answer - *each.last_answer);
    }
  }
  return out;
}

TEST(Fleet, MoveFinishesTheOldConnectionAndItsLateAnswersCount) {
  FleetPlay play(kiwi().update(0, at_ms(1)).move(0, at_ms(2), 1).update(0, at_ms(3)));
  play.start();
  play.until_ms(1);
  EXPECT_EQ(play.until_ms(2), "finish 0\nconnect 1 to 1\n");
  EXPECT_EQ(play.until_ms(3), sent(1, "IAMAT kiwi +34.068930-118.445127 1000000000.003000000"));
  play.connected(1);
  play.until_ms(5);
  play.say(0, kAnswer1);
  EXPECT_FALSE(play.idle());
  play.gone(0, true);
  play.until_ms(7);
  play.say(1, "AT B +0.5 kiwi +34.068930-118.445127 1000000000.003000000");
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(play.log().answered, ElementsAre(at_ms(5), at_ms(7)));
  EXPECT_THAT(play.log().violations, IsEmpty());
  EXPECT_EQ(lost(play.log()), 0U);
  EXPECT_EQ(play.log().handovers.size(), 1U);
}

TEST(Fleet, AMoveWhileReconnectingTakesTheLinesAlong) {
  FleetPlay play(kiwi().line(0, at_ms(1), "x").move(0, at_ms(2), 2));
  play.start();
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(2), "connect 1 to 2\n" + sent(1, "x"));
  play.connected(1);
  EXPECT_EQ(play.until_ms(200), "");  // there is nothing left to redial
}

TEST(Fleet, HandoverIsFromTheLastAnswerOfTheOldToTheFirstOfTheNew) {
  FleetPlay play(kiwi()
                     .update(0, at_ms(1))
                     .move(0, at_ms(5), 1)
                     .line(0, at_ms(6), "x")
                     .line(0, at_ms(6), "y"));
  play.start().until_ms(2);
  play.say(0, kAnswer1);
  play.until_ms(6);
  play.connected(1);
  play.until_ms(9);
  play.say(1, "? x");
  play.until_ms(20);
  play.say(1, "? y");
  EXPECT_THAT(handover_latencies(play.log()), ElementsAre(std::chrono::milliseconds(7)));
}

TEST(Fleet, HandoverCountsFromALateAnswerOfTheOld) {
  FleetPlay play(
      kiwi().update(0, at_ms(1)).update(0, at_ms(2)).move(0, at_ms(3), 1).line(0, at_ms(4), "x"));
  play.start().until_ms(2);
  play.say(0, kAnswer1);
  play.until_ms(6);
  play.say(0, kAnswer2);  // comes after the move
  play.until_ms(10);
  play.say(1, "? x");
  EXPECT_THAT(handover_latencies(play.log()), ElementsAre(std::chrono::milliseconds(4)));
}

TEST(Fleet, HandoverCountsFromALateAnswerThatIsTheFirst) {
  FleetPlay play(kiwi().update(0, at_ms(1)).move(0, at_ms(3), 1).line(0, at_ms(4), "x"));
  play.start().until_ms(6);
  play.say(0, kAnswer1);
  play.until_ms(10);
  play.say(1, "? x");
  EXPECT_THAT(handover_latencies(play.log()), ElementsAre(std::chrono::milliseconds(4)));
}

TEST(Fleet, AHandoverWithoutAnAnswerBeforeHasNoLatency) {
  FleetPlay play(kiwi().move(0, at_ms(3), 1).line(0, at_ms(4), "x"));
  play.start().until_ms(4);
  play.say(1, "? x");
  EXPECT_THAT(handover_latencies(play.log()), IsEmpty());
  EXPECT_EQ(play.log().handovers.size(), 1U);
}

TEST(Fleet, EachServerThatItReachesInItsFlightIsAHandover) {
  HandPlan plan = kiwi().line(0, at_ms(1), "x").line(0, at_ms(251), "y");
  plan.servers = 3;
  plan.clients[0].on_loss = NextServer::kNext;
  FleetPlay play(plan);
  play.start().until_ms(2);
  play.say(0, "? x");
  play.gone(0, false);
  play.until_ms(102);
  play.connected(1);
  play.until_ms(150);
  play.gone(1, false);  // before its first answer
  EXPECT_EQ(play.until_ms(250), "connect 2 to 2\n");
  play.connected(2);
  const std::vector<HandoverLog>& handovers = play.log().handovers;
  ASSERT_THAT(handovers, SizeIs(2));
  EXPECT_EQ(handovers[0].from, 0U);
  EXPECT_EQ(handovers[0].to, 1U);
  EXPECT_EQ(handovers[0].connected, at_ms(102));
  EXPECT_EQ(handovers[1].from, 1U);
  EXPECT_EQ(handovers[1].to, 2U);
  EXPECT_EQ(handovers[1].left, at_ms(150));
  EXPECT_EQ(handovers[1].connected, at_ms(250));
  play.until_ms(251);
  play.say(2, "? y");
  EXPECT_TRUE(handovers[1].first_answer);
  EXPECT_THAT(handover_latencies(play.log()), IsEmpty());
}

TEST(Fleet, AServerReachedAgainEndsTheSameHandover) {
  FleetPlay play(kiwi().line(0, at_ms(1), "x").move(0, at_ms(3), 1).line(0, at_ms(200), "y"));
  play.start().until_ms(2);
  play.say(0, "? x");
  play.until_ms(4);
  play.connected(1);
  play.gone(1, false);
  play.until_ms(110);
  play.connected(2);
  play.until_ms(202);
  play.say(2, "? y");
  ASSERT_THAT(play.log().handovers, SizeIs(1));
  EXPECT_EQ(play.log().handovers[0].connected, at_ms(4));
  EXPECT_THAT(handover_latencies(play.log()), ElementsAre(std::chrono::milliseconds(200)));
}

}  // namespace
}  // namespace sim
