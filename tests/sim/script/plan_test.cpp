#include "sim/script/plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/script/mobility/group_tracks.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Instant;
using testing::ElementsAre;
using testing::IsEmpty;

HerdSpec herd_of(const std::string& name, const std::vector<std::string>& servers) {
  HerdSpec herd;
  herd.name = name;
  for (const std::string& server : servers) herd.servers.emplace_back().name = server;
  return herd;
}

ClientGroup group(const std::string& id, std::uint32_t count, Duration period,
                  Arrivals arrivals = Arrivals::kSteady) {
  ClientGroup out;
  out.id = id;
  out.count = count;
  if (period > Duration(0)) out.updates = UpdateSchedule{period, arrivals};
  return out;
}

QuerySchedule queries(Duration period, About about, Arrivals arrivals = Arrivals::kSteady) {
  QuerySchedule out;
  out.times = {period, arrivals};
  out.about = std::move(about);
  return out;
}

Scenario base(Duration duration) {
  Scenario out;
  out.name = "test";
  out.seed = 7;
  out.duration = duration;
  out.herds = {herd_of("one", {"A", "B", "C"})};
  return out;
}

Event event(Duration at, EventAction action) { return {at, std::nullopt, std::move(action)}; }

// Returns a plan as text, one line per action: the time, the client and what it does.
std::string told(const Plan& plan) {
  std::string out;
  for (const PlannedAction& action : plan.actions) {
    out +=
        std::to_string(action.at.time_since_epoch().count()) + " " + plan.clients[action.client].id;
    switch (action.kind) {
      case ActionKind::kUpdate: {
        const PlannedUpdate& update = plan.updates[action.index];
        EXPECT_EQ(update.at, action.at);
        EXPECT_EQ(update.client, action.client);
        out += " update " + plan.subjects[update.subject] + " " + location_text(plan, update) +
               " " + std::to_string(update.stamp);
        break;
      }
      case ActionKind::kQuery:
        EXPECT_EQ(plan.queries[action.index].at, action.at);
        EXPECT_EQ(plan.queries[action.index].client, action.client);
        out += " query " + plan.lines[plan.queries[action.index].line];
        break;
      case ActionKind::kLine:
        out += " line " + plan.lines[action.index];
        break;
      case ActionKind::kMove:
        out += " move " + std::to_string(action.index);
        break;
    }
    out += "\n";
  }
  return out;
}

// Returns the lines of told() that belong to one client.
std::string told_of(const Plan& plan, const std::string& client) {
  std::string out;
  const std::string all = told(plan);
  for (std::size_t from = 0; from < all.size();) {
    const std::size_t end = all.find('\n', from) + 1;
    const std::string line = all.substr(from, end - from);
    if (line.find(" " + client + " ") != std::string::npos) out += line;
    from = end;
  }
  return out;
}

std::vector<Duration> times_of(const Plan& plan, std::uint32_t client) {
  std::vector<Duration> out;
  for (const PlannedUpdate& update : plan.updates) {
    if (update.client == client) out.push_back(update.at.time_since_epoch());
  }
  return out;
}

// Returns a scenario with every kind of random draw.
Scenario rich() {
  Scenario out = base(10s);
  ClientGroup walkers = group("walker-{n}", 5, 100ms, Arrivals::kPoisson);
  walkers.queries = queries(700ms, AboutAnother{}, Arrivals::kPoisson);
  walkers.mobility = WaypointMobility{{{34.1, -118.4}}, 3, true};
  ClientGroup askers = group("asker-{n}", 2, Duration(0));
  askers.queries = queries(500ms, AboutRandom{});
  out.clients = {walkers, askers};
  out.events = {event(1s, BurstEvent{"B", 20, 3, 500ms})};
  return out;
}

TEST(Plan, IsTheSameForTheSameSeed) {
  EXPECT_EQ(told(make_plan(rich(), 0)), told(make_plan(rich(), 0)));
  Scenario other = rich();
  other.seed = 8;
  EXPECT_NE(told(make_plan(rich(), 0)), told(make_plan(other, 0)));
}

TEST(Plan, IsTheSameForEachHerd) {
  Scenario scenario = rich();
  scenario.herds.push_back(herd_of("two", {"C", "A", "X", "B"}));
  scenario.events.push_back(event(2s, MoveEvent{"walker-0", "C"}));
  scenario.clients[1].server = "B";
  const Plan one = make_plan(scenario, 0);
  const Plan two = make_plan(scenario, 1);
  // Server names refer to each herd's own list. The rest of the plans is equal.
  EXPECT_NE(told_of(one, "walker-0").find("move 2"), std::string::npos);
  EXPECT_NE(told_of(two, "walker-0").find("move 0"), std::string::npos);
  std::string with_moves = told(one);
  with_moves.replace(with_moves.find("move 2"), 6, "move 0");
  EXPECT_EQ(with_moves, told(two));
  std::vector<std::uint32_t> servers_one, servers_two;
  for (const PlannedClient& client : one.clients) servers_one.push_back(client.first_server);
  for (const PlannedClient& client : two.clients) servers_two.push_back(client.first_server);
  EXPECT_THAT(servers_one, ElementsAre(0, 1, 2, 0, 1, 1, 1, 1, 1, 1));
  EXPECT_THAT(servers_two, ElementsAre(0, 1, 2, 3, 0, 3, 3, 3, 3, 3));
}

TEST(Plan, IsNotDisturbedByAnotherHerd) {
  Scenario more = rich();
  more.herds.insert(more.herds.begin(), herd_of("zero", {"B", "Z"}));
  EXPECT_EQ(told(make_plan(rich(), 0)), told(make_plan(more, 1)));
}

TEST(Plan, DrawsOfAClientAreNotDisturbedByAnotherGroup) {
  const Scenario few = rich();
  Scenario more = rich();
  more.clients.insert(more.clients.begin(), group("new-{n}", 3, 30ms, Arrivals::kPoisson));
  more.events.insert(more.events.begin(), event(0s, BurstEvent{"A", 5, 2, 100ms}));
  const Plan a = make_plan(few, 0), b = make_plan(more, 0);
  for (std::uint32_t n = 0; n < 5; ++n) {
    EXPECT_THAT(times_of(b, 3 + n), testing::ElementsAreArray(times_of(a, n)));
  }
  // The times of queries stay too. The client that a query is about is drawn from all clients, so
  // from more clients now.
  const auto when = [](const Plan& plan, const std::string& client) {
    std::vector<Instant> out;
    for (const PlannedQuery& query : plan.queries) {
      if (plan.clients[query.client].id == client) out.push_back(query.at);
    }
    return out;
  };
  for (const char* client : {"walker-0", "walker-4", "asker-1"}) {
    EXPECT_THAT(when(b, client), testing::ElementsAreArray(when(a, client)));
    EXPECT_FALSE(when(a, client).empty());
  }
}

TEST(Plan, QueriesDoNotDisturbUpdates) {
  Scenario without = rich();
  for (ClientGroup& each : without.clients) each.queries.reset();
  EXPECT_EQ(times_of(make_plan(rich(), 0), 2), times_of(make_plan(without, 0), 2));
}

TEST(Plan, ClientsOfAGroupStartInTurn) {
  Scenario scenario = base(1s);
  scenario.clients = {group("c-{n}", 4, 400ms)};
  const Plan plan = make_plan(scenario, 0);
  EXPECT_THAT(times_of(plan, 0), ElementsAre(0ms, 400ms, 800ms));
  EXPECT_THAT(times_of(plan, 1), ElementsAre(100ms, 500ms, 900ms));
  EXPECT_THAT(times_of(plan, 2), ElementsAre(200ms, 600ms));
  EXPECT_THAT(times_of(plan, 3), ElementsAre(300ms, 700ms));
}

TEST(Plan, StartsInTurnToTheNanosecond) {
  Scenario scenario = base(Duration(10));
  scenario.clients = {group("c-{n}", 3, Duration(10))};
  const Plan plan = make_plan(scenario, 0);
  ASSERT_EQ(plan.updates.size(), 3U);
  EXPECT_EQ(plan.updates[1].at, Instant(Duration(3)));
  EXPECT_EQ(plan.updates[2].at, Instant(Duration(6)));
  // k/C of a period whose product does not fit in 64 bits: 99,999/100,000 of a year.
  Scenario slow = base(24h * 365);
  slow.clients = {group("c-{n}", 100'000, 24h * 365)};
  EXPECT_EQ(make_plan(slow, 0).updates.back().at, Instant(Duration(31'535'684'640'000'000)));
}

TEST(Plan, AnUpdateIsBeforeTheEnd) {
  Scenario scenario = base(1s);
  scenario.clients = {group("c-{n}", 1, 250ms)};
  EXPECT_THAT(times_of(make_plan(scenario, 0), 0), ElementsAre(0ms, 250ms, 500ms, 750ms));
}

TEST(Plan, StampsAreThePlannedTimeAndTheSkew) {
  Scenario scenario = base(1s);
  scenario.clients = {group("a", 1, 500ms), group("b", 1, 500ms)};
  scenario.clients[1].skew.offset = -3s;
  const Plan plan = make_plan(scenario, 0);
  ASSERT_EQ(plan.updates.size(), 4U);
  EXPECT_EQ(plan.updates[0].stamp, 0);
  EXPECT_EQ(plan.updates[1].stamp, -3'000'000'000);
  EXPECT_EQ(plan.updates[2].stamp, 500'000'000);
  EXPECT_EQ(plan.updates[3].stamp, -2'500'000'000);
  EXPECT_EQ(client_time(plan.updates[3], 1'000'000'000'000), 997'500'000'000);
}

TEST(Plan, StampsDriftAwayFromThePlannedTime) {
  Scenario scenario = base(24h * 365);
  scenario.clients = {group("a", 1, 24h * 100)};
  scenario.clients[0].skew = {-3s, 125};  // an eighth of a millionth
  const Plan plan = make_plan(scenario, 0);
  ASSERT_EQ(plan.updates.size(), 4U);
  for (std::int64_t i = 0; i < 4; ++i) {
    // 1.08 s in a hundred days of 86,400 s.
    EXPECT_EQ(plan.updates[static_cast<std::size_t>(i)].stamp,
              i * 8'640'000'000'000'000 - 3'000'000'000 + i * 1'080'000'000);
  }
}

TEST(Plan, StampsOfASlowClockIncreaseAllTheSame) {
  // A clock that loses a tenth shows 9 ns in 10.
  Scenario scenario = base(Duration(1000));
  scenario.clients = {group("a", 1, Duration(1))};
  scenario.clients[0].skew.drift_ppb = -100'000'000;
  const Plan plan = make_plan(scenario, 0);
  ASSERT_EQ(plan.updates.size(), 1000U);
  for (std::size_t i = 1; i < plan.updates.size(); ++i) {
    EXPECT_GT(plan.updates[i].stamp, plan.updates[i - 1].stamp);
  }
}

TEST(Plan, RampsAreOfUpdatesAndQueriesAlike) {
  // From 0 to 10/s in 10 s: update k is at √(2k) s, and there are 50 of each in 10 s.
  Scenario scenario = base(10s);
  scenario.clients = {group("a", 1, Duration(0))};
  const UpdateSchedule ramp{Duration(0), Arrivals::kSteady, Ramp{0, 10, 10s}};
  scenario.clients[0].updates = ramp;
  scenario.clients[0].queries = queries(Duration(0), AboutSelf{});
  scenario.clients[0].queries->times = ramp;
  const Plan plan = make_plan(scenario, 0);
  ASSERT_EQ(plan.updates.size(), 50U);
  ASSERT_EQ(plan.queries.size(), 50U);
  EXPECT_EQ(plan.updates[8].at, Instant(4s));
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(plan.updates[i].at, plan.queries[i].at);
}

TEST(Plan, StampsOfAClientAreStrictlyIncreasing) {
  // All are at the same time, so each stamp is one nanosecond after the last.
  Scenario scenario = base(1s);
  scenario.events = {event(1s, BurstEvent{"A", 5, 2, 0s})};
  const Plan plan = make_plan(scenario, 0);
  std::vector<herd::PosixNs> stamps;
  for (const PlannedUpdate& update : plan.updates) stamps.push_back(update.stamp);
  constexpr herd::PosixNs kAt = 1'000'000'000;
  EXPECT_THAT(stamps, ElementsAre(kAt, kAt, kAt + 1, kAt + 1, kAt + 2));
}

TEST(Plan, StampsOfEveryClientIncreaseInARichScenario) {
  Scenario scenario = rich();
  scenario.clients[0].skew.offset = -2s;
  scenario.clients[0].updates->period = Duration(500'000);
  const Plan plan = make_plan(scenario, 0);
  std::map<std::uint32_t, herd::PosixNs> last;
  for (const PlannedUpdate& update : plan.updates) {
    const auto [before, is_new] = last.emplace(update.client, update.stamp);
    if (!is_new) {
      EXPECT_GT(update.stamp, before->second);
    }
    before->second = update.stamp;
    const herd::PosixNs skew = update.client < 5 ? -2'000'000'000 : 0;
    EXPECT_GE(update.stamp, update.at.time_since_epoch().count() + skew);
  }
  EXPECT_EQ(last.size(), 8U);  // five walkers and three clients of the burst
}

TEST(Plan, EventsComeBeforeClientsAtOneInstantInFileOrder) {
  Scenario scenario = base(2s);
  scenario.clients = {group("a", 1, 1s), group("b", 1, 1s)};
  scenario.clients[1].queries = queries(1s, AboutSelf{});
  scenario.events = {event(1s, SendEvent{"b", "HELLO"}), event(1s, MoveEvent{"a", "C"}),
                     event(1s, LinkDownEvent{"A", "B"}), event(1s, SendEvent{"a", "WHATSAT b 1 2"}),
                     event(1s, SendEvent{"a", "IAMAT fox +1.5-2.5 12.5"})};
  EXPECT_EQ(told(make_plan(scenario, 0)),
            "0 a update a +34.068930-118.445127 0\n"
            "0 b update b +34.068930-118.445127 0\n"
            "0 b query WHATSAT b 10 5\n"
            "1000000000 b line HELLO\n"
            "1000000000 a move 2\n"
            "1000000000 a query WHATSAT b 1 2\n"
            "1000000000 a update fox +1.5-2.5 12500000000\n"
            "1000000000 a update a +34.068930-118.445127 1000000000\n"
            "1000000000 b update b +34.068930-118.445127 1000000000\n"
            "1000000000 b query WHATSAT b 10 5\n");
}

TEST(Plan, EventsOfOtherHerdsAreNotPlayed) {
  Scenario scenario = base(2s);
  scenario.herds.push_back(herd_of("two", {"A"}));
  scenario.clients = {group("a", 1, Duration(0))};
  scenario.events = {{1s, 1, SendEvent{"a", "x"}}, {1s, 0, SendEvent{"a", "y"}}};
  EXPECT_EQ(told(make_plan(scenario, 0)), "1000000000 a line y\n");
  EXPECT_EQ(told(make_plan(scenario, 1)), "1000000000 a line x\n");
}

TEST(Plan, ABurstIsSpreadEvenlyOverItsClients) {
  Scenario scenario = base(10s);
  scenario.clients = {group("a", 1, Duration(0))};
  scenario.herds[0].servers[1].at = GeoPoint{10, 20};
  scenario.events = {event(2s, SendEvent{"a", "x"}), event(3s, BurstEvent{"B", 5, 2, 1s})};
  const Plan plan = make_plan(scenario, 0);
  EXPECT_EQ(told(plan),
            "2000000000 a line x\n"
            "3000000000 burst-1-0 update burst-1-0 +10.000000+020.000000 3000000000\n"
            "3200000000 burst-1-1 update burst-1-1 +10.000000+020.000000 3200000000\n"
            "3400000000 burst-1-0 update burst-1-0 +10.000000+020.000000 3400000000\n"
            "3600000000 burst-1-1 update burst-1-1 +10.000000+020.000000 3600000000\n"
            "3800000000 burst-1-0 update burst-1-0 +10.000000+020.000000 3800000000\n");
  ASSERT_EQ(plan.clients.size(), 3U);
  EXPECT_EQ(plan.clients[1].first_server, 1U);
  EXPECT_EQ(plan.clients[2].first_server, 1U);
  EXPECT_THAT(plan.subjects, ElementsAre("a", "burst-1-0", "burst-1-1"));
}

// The mean of n draws with mean m has the standard deviation m/√n. A deviation of five times that
// has a probability of one in a million, and the seed is fixed.
TEST(Plan, PoissonArrivalsHaveTheMeanAndTheSpreadOfAPoissonProcess) {
  Scenario scenario = base(1000s);
  scenario.clients = {group("a", 1, 100ms, Arrivals::kPoisson)};
  const std::vector<Duration> times = times_of(make_plan(scenario, 0), 0);
  EXPECT_EQ(times.front(), 0ms);
  const auto n = static_cast<double>(times.size());
  EXPECT_NEAR(n, 10'000, 5 * std::sqrt(10'000));
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  double sum = 0, squares = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double gap = std::chrono::duration<double>(times[i] - times[i - 1]).count();
    sum += gap;
    squares += gap * gap;
  }
  const double mean = sum / (n - 1);
  EXPECT_NEAR(mean, 0.1, 5 * 0.1 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / (n - 1) - mean * mean), 0.1, 0.01);  // equal to the mean
}

TEST(Plan, PoissonClientsDrawEachTheirOwn) {
  Scenario scenario = base(10s);
  scenario.clients = {group("a-{n}", 2, 1s, Arrivals::kPoisson)};
  const Plan plan = make_plan(scenario, 0);
  const auto first = times_of(plan, 0), second = times_of(plan, 1);
  EXPECT_EQ(first[0], 0s);
  EXPECT_EQ(second[0], 500ms);
  ASSERT_GE(std::min(first.size(), second.size()), 2U);
  EXPECT_NE(first[1] - first[0], second[1] - second[0]);
}

// Returns how many queries each client makes about each other client.
std::map<std::string, std::map<std::string, int>> asked(const Scenario& scenario) {
  const Plan plan = make_plan(scenario, 0);
  std::map<std::string, std::map<std::string, int>> out;
  for (const PlannedQuery& query : plan.queries) {
    const std::string& line = plan.lines[query.line];
    const std::size_t from = line.find(' ') + 1;
    ++out[plan.clients[query.client].id][line.substr(from, line.find(' ', from) - from)];
  }
  return out;
}

Scenario asking(std::uint32_t clients, const About& about) {
  Scenario scenario = base(400s);
  scenario.clients = {group("c-{n}", clients, Duration(0))};
  scenario.clients[0].queries = queries(1s, about);
  // No query is ever about one of these clients.
  scenario.events = {event(1s, BurstEvent{"A", 9, 9, 0s})};
  return scenario;
}

TEST(Plan, QueriesAboutSelf) {
  for (const auto& [client, about] : asked(asking(3, AboutSelf{}))) {
    EXPECT_THAT(about, ElementsAre(testing::Pair(client, 400)));
  }
}

TEST(Plan, QueriesAboutAClient) {
  for (const auto& [client, about] : asked(asking(3, About("c-1")))) {
    EXPECT_THAT(about, ElementsAre(testing::Pair("c-1", 400))) << client;
  }
}

TEST(Plan, QueriesAboutAnotherAreNeverAboutOneself) {
  const auto all = asked(asking(3, AboutAnother{}));
  ASSERT_EQ(all.size(), 3U);
  for (const auto& [client, about] : all) {
    EXPECT_EQ(about.size(), 2U);
    EXPECT_FALSE(about.contains(client));
    for (const auto& [whom, times] : about) {
      EXPECT_NEAR(times, 200, 50) << client << " " << whom;  // five deviations of 10
    }
  }
}

TEST(Plan, QueriesAboutAnotherOfOneAreAboutOneself) {
  EXPECT_EQ(asked(asking(1, AboutAnother{}))["c-0"]["c-0"], 400);
}

TEST(Plan, QueriesAboutAnyoneAreAboutAllAlike) {
  for (const auto& [client, about] : asked(asking(4, AboutRandom{}))) {
    EXPECT_EQ(about.size(), 4U);
    for (const auto& [whom, times] : about) {
      EXPECT_NEAR(times, 100, 44) << client << " " << whom;  // five deviations of √75
    }
  }
}

TEST(Plan, AQuerySaysItsRadiusAndBoundAsWritten) {
  Scenario scenario = base(1s);
  scenario.clients = {group("c", 1, Duration(0))};
  scenario.clients[0].queries = queries(1s, AboutSelf{});
  scenario.clients[0].queries->radius_km = "007.50";
  scenario.clients[0].queries->bound = 20;
  EXPECT_EQ(told(make_plan(scenario, 0)), "0 c query WHATSAT c 007.50 20\n");
}

TEST(Plan, AlikeQueriesShareTheirLine) {
  const Plan plan = make_plan(asking(2, AboutSelf{}), 0);
  EXPECT_EQ(plan.queries.size(), 800U);
  EXPECT_THAT(plan.lines, ElementsAre("WHATSAT c-0 10 5", "WHATSAT c-1 10 5"));
}

TEST(Plan, AScriptedReportKeepsItsOwnWords) {
  Scenario scenario = base(2s);
  scenario.clients = {group("a", 1, Duration(0))};
  scenario.events = {event(1s, SendEvent{"a", "  IAMAT a   +1.50-002.5 12.50 "}),
                     event(1s, SendEvent{"a", "IAMAT new +1-2 3"}),
                     event(1s, SendEvent{"a", "IAMAT new +1-2 never"})};
  const Plan plan = make_plan(scenario, 0);
  ASSERT_EQ(plan.updates.size(), 2U);
  EXPECT_THAT(plan.subjects, ElementsAre("a", "new"));
  EXPECT_EQ(plan.clients.size(), 1U);
  EXPECT_EQ(location_text(plan, plan.updates[0]), "+1.50-002.5");
  // The time in a line of the script counts from 1970, whatever the run's base.
  EXPECT_EQ(client_time(plan.updates[0], 1'000'000), 12'500'000'000);
  EXPECT_EQ(plan.updates[1].client, 0U);
  EXPECT_EQ(plan.updates[1].subject, 1U);
  EXPECT_EQ(plan.actions.back().kind, ActionKind::kLine);  // a bad time: not an update
}

TEST(Plan, UpdatesSayWhereTheClientIs) {
  Scenario scenario = base(3s);
  scenario.clients = {group("a", 1, 1s)};
  scenario.clients[0].start = {0, 0};
  // One degree of the equator per second.
  const double degree_m = herd::distance_m({0, 0}, {0, 1});
  scenario.clients[0].mobility = WaypointMobility{{{0, 2}}, degree_m, false};
  const Plan plan = make_plan(scenario, 0);
  ASSERT_EQ(plan.updates.size(), 3U);
  EXPECT_EQ(location_text(plan, plan.updates[0]), "+00.000000+000.000000");
  EXPECT_EQ(location_text(plan, plan.updates[1]), "+00.000000+001.000000");
  EXPECT_EQ(location_text(plan, plan.updates[2]), "+00.000000+002.000000");
}

// Returns the location of each update, by its client's id and its time.
std::map<std::pair<std::string, Instant>, GeoPoint> places(const Plan& plan) {
  std::map<std::pair<std::string, Instant>, GeoPoint> out;
  for (const PlannedUpdate& update : plan.updates) {
    out[{plan.subjects[update.subject], update.at}] = update.location;
  }
  return out;
}

TEST(Plan, MovesEachMemberOnItsOwnAndAnotherGroupMovesNobody) {
  Scenario scenario = base(20s);
  RandomWaypointMobility mobility;
  mobility.area = {34.0, -118.5, 34.1, -118.4};
  mobility.speed_mps = {1, 20};
  mobility.pause = {0s, 5s};
  scenario.clients = {group("p-{n}", 3, 1s)};
  scenario.clients[0].mobility = mobility;
  const auto alone = places(make_plan(scenario, 0));
  GroupTracks tracks(scenario.clients[0], scenario.seed, scenario.duration);
  for (const auto& [who, where] : alone) {
    const auto& [id, at] = who;
    const auto n = static_cast<std::uint32_t>(id.back() - '0');
    EXPECT_EQ(where, tracks.of(n)->at(at.time_since_epoch())) << id;
    EXPECT_TRUE(contains(mobility.area, where));
  }
  EXPECT_EQ(alone.size(), 60U);

  scenario.clients.insert(scenario.clients.begin(), group("other-{n}", 5, 1s));
  scenario.clients[0].mobility = mobility;
  const auto together = places(make_plan(scenario, 0));
  EXPECT_EQ(together.size(), 160U);
  for (const auto& [who, where] : alone) EXPECT_EQ(together.at(who), where) << who.first;
}

TEST(Plan, OfNobodyIsEmpty) {
  const Plan plan = make_plan(base(1s), 0);
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_THAT(plan.clients, IsEmpty());
}

}  // namespace
}  // namespace sim
