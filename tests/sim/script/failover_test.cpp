#include "sim/script/plan/failover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Instant;
using testing::ElementsAre;

// Returns a plan with clients "c-0", "c-1" that walk from S0 along the equator, one degree in ten
// seconds. The servers are one degree apart.
Plan plan_of(std::uint32_t servers, std::optional<NextServer> on_loss, std::uint64_t seed = 1) {
  Scenario scenario;
  scenario.seed = seed;
  scenario.duration = 100s;
  HerdSpec& herd = scenario.herds.emplace_back();
  for (std::uint32_t i = 0; i < servers; ++i) {
    ServerSpec& server = herd.servers.emplace_back();
    server.name = "S" + std::to_string(i);
    server.at = GeoPoint{0, static_cast<double>(i)};
  }
  ClientGroup& group = scenario.clients.emplace_back();
  group.id = "c-{n}";
  group.count = 2;
  group.server = "S0";
  group.start = {0, 0};
  group.mobility = WaypointMobility{{{0, 9}}, herd::distance_m({0, 0}, {0, 0.1}), false};
  group.handover.on_loss = on_loss;
  scenario.events = {{1s, {}, BurstEvent{"S0", 1, 1, 0s}}};
  return make_plan(scenario, 0);
}

std::vector<std::uint32_t> dials(const Plan& plan, std::uint32_t client, std::uint32_t lost,
                                 Duration at, std::uint32_t losses, std::size_t count) {
  Failover failover(plan, client, lost, Instant(at), losses);
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(failover.next());
  return out;
}

TEST(Failover, StaysWithTheSameServerWhereNothingIsSaid) {
  EXPECT_THAT(dials(plan_of(4, std::nullopt), 0, 2, 5s, 0, 3), ElementsAre(2, 2, 2));
}

TEST(Failover, ClientsOfBurstsStayToo) {
  const Plan plan = plan_of(4, NextServer::kNearest);
  ASSERT_EQ(plan.clients[2].id, "burst-0-0");
  EXPECT_THAT(dials(plan, 2, 1, 5s, 0, 3), ElementsAre(1, 1, 1));
}

TEST(Failover, TriesTheNextOnesRoundAndRound) {
  EXPECT_THAT(dials(plan_of(4, NextServer::kNext), 0, 2, 5s, 0, 6), ElementsAre(3, 0, 1, 2, 3, 0));
}

TEST(Failover, TriesTheNearestOthersFromWhereTheClientIs) {
  const Plan plan = plan_of(5, NextServer::kNearest);
  // The client is at S0 at the start, and at 2.8 degrees after 28 s.
  EXPECT_THAT(dials(plan, 0, 0, 0s, 0, 6), ElementsAre(1, 2, 3, 4, 0, 1));
  EXPECT_THAT(dials(plan, 0, 3, 28s, 0, 6), ElementsAre(2, 4, 1, 0, 3, 2));
  // The lost server need not be the nearest. The nearest one is then tried first.
  EXPECT_THAT(dials(plan, 0, 0, 28s, 0, 6), ElementsAre(3, 2, 4, 1, 0, 3));
}

TEST(Failover, DrawsAnotherThanTheLast) {
  const Plan plan = plan_of(4, NextServer::kRandom);
  const auto tried = dials(plan, 0, 2, 5s, 0, 400);
  std::uint32_t last = 2;
  for (const std::uint32_t server : tried) {
    EXPECT_LT(server, 4U);
    EXPECT_NE(server, last);
    last = server;
  }
  EXPECT_EQ(std::set<std::uint32_t>(tried.begin(), tried.end()).size(), 4U);
}

TEST(Failover, DrawsOfALossAreItsOwn) {
  const Plan plan = plan_of(100, NextServer::kRandom);
  const auto drawn = dials(plan, 0, 2, 5s, 3, 10);
  EXPECT_EQ(drawn, dials(plan_of(100, NextServer::kRandom), 0, 2, 7s, 3, 10));
  EXPECT_NE(drawn, dials(plan, 0, 2, 5s, 4, 10));
  EXPECT_NE(drawn, dials(plan, 1, 2, 5s, 3, 10));
  EXPECT_NE(drawn, dials(plan_of(100, NextServer::kRandom, 2), 0, 2, 5s, 3, 10));
}

TEST(Failover, AHerdOfOneHasNoOther) {
  for (const NextServer to : {NextServer::kNext, NextServer::kRandom, NextServer::kNearest}) {
    EXPECT_THAT(dials(plan_of(1, to), 0, 0, 5s, 0, 3), ElementsAre(0, 0, 0));
  }
}

}  // namespace
}  // namespace sim
