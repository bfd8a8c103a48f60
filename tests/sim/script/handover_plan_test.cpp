// Planned moves of clients, as make_plan returns them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/script/plan/plan.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// Returns a herd with servers along the equator, one degree (111.195 km) apart.
HerdSpec equator(std::uint32_t servers) {
  HerdSpec herd;
  herd.name = "equator";
  for (std::uint32_t i = 0; i < servers; ++i) {
    ServerSpec& server = herd.servers.emplace_back();
    server.name = "S" + std::to_string(i);
    server.at = GeoPoint{0, static_cast<double>(i)};
  }
  return herd;
}

double degrees_m(double degrees) { return herd::distance_m({0, 0}, {0, degrees}); }

ClientGroup group(const std::string& id, std::uint32_t count, ServerChoice server) {
  ClientGroup out;
  out.id = id;
  out.count = count;
  out.server = std::move(server);
  out.start = {0, 0};
  return out;
}

ClientGroup timed(const std::string& id, std::uint32_t count, Duration period, NextServer to,
                  Arrivals arrivals = Arrivals::kSteady) {
  ClientGroup out = group(id, count, "S0");
  out.handover.times = UpdateSchedule{period, arrivals};
  out.handover.to = to;
  return out;
}

Scenario scenario_of(Duration duration, std::uint32_t servers, std::vector<ClientGroup> groups) {
  Scenario out;
  out.seed = 7;
  out.duration = duration;
  out.herds = {equator(servers)};
  out.clients = std::move(groups);
  return out;
}

using Moves = std::vector<std::pair<Duration, std::uint32_t>>;

Moves moves_of(const Plan& plan, const std::string& client) {
  Moves out;
  for (const PlannedAction& action : plan.actions) {
    if (action.kind == ActionKind::kMove && plan.clients[action.client].id == client) {
      out.emplace_back(action.at.time_since_epoch(), action.index);
    }
  }
  return out;
}

Moves moves_of(const Scenario& scenario, const std::string& client) {
  return moves_of(make_plan(scenario, 0), client);
}

TEST(HandoverPlan, AtEqualIntervalsToTheNextOne) {
  const Scenario scenario = scenario_of(10s, 3, {timed("c-{n}", 2, 4s, NextServer::kNext)});
  EXPECT_THAT(moves_of(scenario, "c-0"), ElementsAre(Pair(4s, 1), Pair(8s, 2)));
  EXPECT_THAT(moves_of(scenario, "c-1"), ElementsAre(Pair(2s, 1), Pair(6s, 2)));
}

TEST(HandoverPlan, TheNextOfTheLastIsTheFirst) {
  const Scenario scenario = scenario_of(5s, 2, {timed("c", 1, 1s, NextServer::kNext)});
  EXPECT_THAT(moves_of(scenario, "c"),
              ElementsAre(Pair(1s, 1), Pair(2s, 0), Pair(3s, 1), Pair(4s, 0)));
}

TEST(HandoverPlan, ARandomOneIsAnotherOne) {
  const Scenario scenario = scenario_of(4001s, 5, {timed("c", 1, 1s, NextServer::kRandom)});
  const Moves moves = moves_of(scenario, "c");
  ASSERT_EQ(moves.size(), 4000U);
  std::uint32_t server = 0;
  std::map<std::uint32_t, int> steps;  // by the distance in the list
  for (const auto& [at, to] : moves) {
    EXPECT_NE(to, server);
    ++steps[(to + 5 - server) % 5];
    server = to;
  }
  // Each of the four others gets a quarter of the moves, within five deviations of √(4000·¼·¾).
  EXPECT_EQ(steps.size(), 4U);
  for (const auto& [step, times] : steps) EXPECT_NEAR(times, 1000, 5 * 27.4) << step;
}

TEST(HandoverPlan, AtRandomTimesWithTheMean) {
  const Scenario scenario =
      scenario_of(10'000s, 3, {timed("c", 1, 1s, NextServer::kNext, Arrivals::kPoisson)});
  const Moves moves = moves_of(scenario, "c");
  EXPECT_NEAR(static_cast<double>(moves.size()), 10'000, 500);
  EXPECT_NE(moves[0].first, 1s);
}

TEST(HandoverPlan, TheNearestOfTheOthers) {
  // The client stays at S1. S0 and S2 are equally near, so the one listed first counts.
  Scenario scenario = scenario_of(4s, 4, {timed("c", 1, 1s, NextServer::kNearest)});
  scenario.clients[0].server = "S1";
  scenario.clients[0].start = {0, 1};
  EXPECT_THAT(moves_of(scenario, "c"), ElementsAre(Pair(1s, 0), Pair(2s, 1), Pair(3s, 0)));
}

TEST(HandoverPlan, GoesOnFromWhereTheScriptLeavesIt) {
  Scenario scenario = scenario_of(6s, 5, {timed("c", 1, 2s, NextServer::kNext)});
  scenario.events = {{3s, {}, MoveEvent{"c", "S4"}}, {4s, {}, MoveEvent{"c", "S2"}}};
  // At the same time the script's move comes first.
  EXPECT_THAT(moves_of(scenario, "c"),
              ElementsAre(Pair(2s, 1), Pair(3s, 4), Pair(4s, 2), Pair(4s, 3)));
}

TEST(HandoverPlan, KeepsToTheNearestWithAHysteresis) {
  // The client walks one degree in ten seconds, from S0 to S2. After t <= 10 seconds S1 is nearer
  // than S0 by t/5 - 1 degrees. Ten seconds later the same holds for S2 and S1.
  Scenario scenario = scenario_of(30s, 3, {group("c", 1, NearestServer{})});
  ClientGroup& walker = scenario.clients[0];
  walker.mobility = WaypointMobility{{{0, 2}}, degrees_m(0.1), false};
  walker.handover.hysteresis_m = degrees_m(0.39);
  walker.handover.check = 500ms;
  EXPECT_THAT(moves_of(scenario, "c"), ElementsAre(Pair(7s, 1), Pair(17s, 2)));
  walker.handover.hysteresis_m = 1;
  EXPECT_THAT(moves_of(scenario, "c"), ElementsAre(Pair(5500ms, 1), Pair(15500ms, 2)));
  walker.handover.hysteresis_m = degrees_m(1.01);
  EXPECT_THAT(moves_of(scenario, "c"), ElementsAre(Pair(15500ms, 2)));
}

TEST(HandoverPlan, BeginsAtTheNearestAndChecksInTurn) {
  Scenario scenario = scenario_of(30s, 3, {group("c-{n}", 4, NearestServer{})});
  ClientGroup& walkers = scenario.clients[0];
  walkers.start = {0, 0.9};
  walkers.mobility = WaypointMobility{{{0, 2}}, degrees_m(0.1), false};
  walkers.handover.hysteresis_m = 0;
  walkers.handover.check = 4s;
  const Plan plan = make_plan(scenario, 0);
  for (const PlannedClient& client : plan.clients) EXPECT_EQ(client.first_server, 1U);
  // The client passes the midpoint at 6 s. Member n checks at n, n + 4, …
  EXPECT_THAT(moves_of(plan, "c-0"), ElementsAre(Pair(8s, 2)));
  EXPECT_THAT(moves_of(plan, "c-1"), ElementsAre(Pair(9s, 2)));
  EXPECT_THAT(moves_of(plan, "c-3"), ElementsAre(Pair(7s, 2)));
}

TEST(HandoverPlan, ComesBackToTheNearestFromWhereTheScriptSentIt) {
  Scenario scenario = scenario_of(10s, 3, {group("c", 1, NearestServer{})});
  scenario.events = {{2500ms, {}, MoveEvent{"c", "S2"}}};
  EXPECT_THAT(moves_of(scenario, "c"), ElementsAre(Pair(2500ms, 2), Pair(3s, 0)));
}

TEST(HandoverPlan, NeverLeadsToWhereTheClientIs) {
  Scenario scenario = scenario_of(
      60s, 7,
      {timed("a-{n}", 3, 700ms, NextServer::kRandom, Arrivals::kPoisson),
       timed("b-{n}", 3, 500ms, NextServer::kNearest), group("c-{n}", 3, NearestServer{})});
  for (ClientGroup& each : scenario.clients) {
    each.mobility = WaypointMobility{{{0, 6}, {3, 3}}, degrees_m(0.5), true};
  }
  const Plan plan = make_plan(scenario, 0);
  for (const PlannedClient& client : plan.clients) {
    std::uint32_t server = client.first_server;
    const Moves moves = moves_of(plan, client.id);
    EXPECT_GE(moves.size(), 8U);
    for (const auto& [at, to] : moves) {
      EXPECT_NE(to, server) << client.id;
      server = to;
    }
  }
}

TEST(HandoverPlan, AtOneInstantItMovesBeforeItSpeaks) {
  Scenario scenario = scenario_of(2s, 2, {timed("c", 1, 1s, NextServer::kNext)});
  scenario.clients[0].updates = UpdateSchedule{1s};
  std::vector<ActionKind> kinds;
  for (const PlannedAction& action : make_plan(scenario, 0).actions) kinds.push_back(action.kind);
  EXPECT_THAT(kinds, ElementsAre(ActionKind::kUpdate, ActionKind::kMove, ActionKind::kUpdate));
}

TEST(HandoverPlan, DrawsAreOfTheClientAlone) {
  const ClientGroup roaming = timed("c-{n}", 3, 1s, NextServer::kRandom, Arrivals::kPoisson);
  const Scenario alone = scenario_of(60s, 5, {roaming});
  Scenario more = scenario_of(
      60s, 5, {timed("d-{n}", 3, 1s, NextServer::kRandom, Arrivals::kPoisson), roaming});
  more.clients[1].updates = UpdateSchedule{100ms, Arrivals::kPoisson};
  more.herds.push_back(equator(5));
  for (const char* client : {"c-0", "c-1", "c-2"}) {
    EXPECT_FALSE(moves_of(alone, client).empty());
    EXPECT_EQ(moves_of(alone, client), moves_of(more, client));
    EXPECT_EQ(moves_of(alone, client), moves_of(make_plan(more, 1), client));
  }
  EXPECT_NE(moves_of(alone, "c-0"), moves_of(alone, "c-1"));
  Scenario other = alone;
  other.seed = 8;
  EXPECT_NE(moves_of(alone, "c-0"), moves_of(other, "c-0"));
}

TEST(HandoverPlan, WithoutAWordOfItNobodyMoves) {
  const Scenario scenario = scenario_of(10s, 2, {group("c-{n}", 2, SpreadServers{})});
  EXPECT_THAT(moves_of(scenario, "c-0"), IsEmpty());
  EXPECT_EQ(make_plan(scenario, 0).sites, nullptr);
}

}  // namespace
}  // namespace sim
