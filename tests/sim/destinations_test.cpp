#include "sim/metrics/destinations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/fake_client_world.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Destinations, AreWhereAClientMovesTo) {
  const Plan plan = HandPlan()
                        .client("kiwi", 0)
                        .client("emu", 1)
                        .client("fox", 2)
                        .update(1, at_ms(1))
                        .move(0, at_ms(2), 3)
                        .move(2, at_ms(2), 0)
                        .move(0, at_ms(4), 0);
  EXPECT_THAT(destinations(plan, 4), ElementsAre(ElementsAre(true, false, false, true), IsEmpty(),
                                                 ElementsAre(true, false, false, false)));
}

TEST(Destinations, AreAllServersForWhoGoesElsewhereWhenItsServerIsGone) {
  Plan plan = HandPlan().client("kiwi", 0).client("emu", 1);
  plan.clients[1].on_loss = NextServer::kRandom;
  EXPECT_THAT(destinations(plan, 3), ElementsAre(IsEmpty(), ElementsAre(true, true, true)));
}

}  // namespace
}  // namespace sim
