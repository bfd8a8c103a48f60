// Tests what clients do if their server goes away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/clients/fleet.h"
#include "tests/sim/measure/toy_herd.h"
#include "tests/sim/run/fake_client_world.h"
#include "tests/sim/run/fleet_play.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Returns a plan for the client kiwi at server A of A, B and C, with this rule for a lost server.
Plan kiwi_told(std::optional<NextServer> on_loss, HandPlan script = HandPlan()) {
  Plan plan = script.client("kiwi", 0);
  plan.servers = 3;
  plan.clients[0].on_loss = on_loss;
  return plan;
}

TEST(FleetFailover, WaitsTwiceAsLongAfterEachDialThatFailsUpToABound) {
  FleetPlay play(kiwi_told(std::nullopt));
  play.start();
  play.gone(0, false);
  std::int64_t now = 0;
  std::uint32_t dial = 1;
  for (const int wait : {100, 200, 400, 800, 1600, 1600}) {
    EXPECT_EQ(play.until_ms(now + wait - 1), "");
    now += wait;
    EXPECT_EQ(play.until_ms(now), "connect " + std::to_string(dial) + " to 0\n");
    play.gone(dial++, false);
  }
  EXPECT_THAT(play.log().connections_lost, ElementsAre(7));
  EXPECT_THAT(play.log().handovers, IsEmpty());
}

TEST(FleetFailover, AConnectionThatStoodBeginsTheWaitAnew) {
  FleetPlay play(kiwi_told(std::nullopt));
  play.start();
  play.gone(0, false);
  play.until_ms(100);
  play.gone(1, false);
  play.until_ms(300);
  play.connected(2);
  play.gone(2, false);
  EXPECT_EQ(play.until_ms(399), "");
  EXPECT_EQ(play.until_ms(400), "connect 3 to 0\n");
}

TEST(FleetFailover, GoesElsewhereWhereItIsToldTo) {
  FleetPlay play(kiwi_told(NextServer::kNext, HandPlan()));
  play.start();
  play.until_ms(7);
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(107), "connect 1 to 1\n");
  play.gone(1, false);
  EXPECT_EQ(play.until_ms(307), "connect 2 to 2\n");
  EXPECT_THAT(play.log().handovers, IsEmpty()) << "not before it is there";
  play.until_ms(308);
  play.connected(2);
  ASSERT_THAT(play.log().handovers, SizeIs(1));
  const HandoverLog& handover = play.log().handovers[0];
  EXPECT_EQ(handover.from, 0U);
  EXPECT_EQ(handover.to, 2U);
  EXPECT_EQ(handover.left, at_ms(7));
  EXPECT_EQ(handover.connected, at_ms(308));
  EXPECT_FALSE(handover.first_answer);

  // If the connection is lost again, the search continues from the current server.
  play.gone(2, false);
  EXPECT_EQ(play.until_ms(408), "connect 3 to 0\n");
}

TEST(FleetFailover, ComingBackToItsServerIsNoHandover) {
  FleetPlay play(kiwi_told(NextServer::kNext));
  play.start();
  play.gone(0, false);
  play.until_ms(100);
  play.gone(1, false);
  play.until_ms(300);
  play.gone(2, false);
  EXPECT_EQ(play.until_ms(700), "connect 3 to 0\n");
  play.connected(3);
  EXPECT_THAT(play.log().handovers, IsEmpty());
}

TEST(FleetFailover, AMoveToWhereItHasFledDoesNothing) {
  FleetPlay play(kiwi_told(NextServer::kNext, HandPlan().move(0, at_ms(200), 1)));
  play.start();
  play.gone(0, false);
  play.until_ms(100);
  play.connected(1);
  EXPECT_EQ(play.until_ms(300), "");
  EXPECT_THAT(play.log().handovers, SizeIs(1));
}

TEST(FleetFailover, AMoveInTheMidstOfItLeadsToTheServerOfTheMove) {
  FleetPlay play(kiwi_told(NextServer::kNext, HandPlan().move(0, at_ms(50), 2)));
  play.start();
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(50), "connect 1 to 2\n");
  EXPECT_EQ(play.until_ms(200), "");
  // If that server is gone too, the client tries the next one.
  play.gone(1, false);
  EXPECT_EQ(play.until_ms(300), "connect 2 to 0\n");
  play.connected(2);
  ASSERT_THAT(play.log().handovers, SizeIs(1));
  EXPECT_EQ(play.log().handovers[0].from, 0U);
  EXPECT_EQ(play.log().handovers[0].to, 0U);
}

}  // namespace
}  // namespace sim
