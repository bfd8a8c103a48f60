#include "sim/measure/metrics/destinations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "tests/sim/run/fake_client_world.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Returns those of four servers to which the client may go.
std::vector<std::uint32_t> of(const Destinations& destinations, std::uint32_t client) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t s = 0; s < 4; ++s) {
    if (destinations.include(client, s)) out.push_back(s);
  }
  return out;
}

TEST(Destinations, AreWhereAClientMovesTo) {
  const Destinations destinations(HandPlan()
                                      .client("kiwi", 0)
                                      .client("emu", 1)
                                      .client("fox", 2)
                                      .update(1, at_ms(1))
                                      .move(0, at_ms(2), 3)
                                      .move(2, at_ms(2), 0)
                                      .move(0, at_ms(3), 3)
                                      .move(0, at_ms(4), 0));
  EXPECT_THAT(of(destinations, 0), ElementsAre(0, 3));
  EXPECT_THAT(of(destinations, 1), IsEmpty());
  EXPECT_THAT(of(destinations, 2), ElementsAre(0));
  EXPECT_THAT(of(destinations, 3), IsEmpty()) << "a subject that is no client";
}

TEST(Destinations, AreAllServersForWhoGoesElsewhereWhenItsServerIsGone) {
  Plan plan = HandPlan().client("kiwi", 0).client("emu", 1);
  plan.clients[1].on_loss = NextServer::kRandom;
  const Destinations destinations(plan);
  EXPECT_THAT(of(destinations, 0), IsEmpty());
  EXPECT_THAT(of(destinations, 1), ElementsAre(0, 1, 2, 3));
}

TEST(Destinations, AreNoneWhereNobodyMoves) {
  const Destinations destinations(HandPlan().client("kiwi", 0).update(0, at_ms(1)));
  EXPECT_THAT(of(destinations, 0), IsEmpty());
  EXPECT_THAT(of(Destinations(Plan()), 0), IsEmpty());
}

}  // namespace
}  // namespace sim
