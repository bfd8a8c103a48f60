// Tests the reduction of failing scenarios, with made-up failures.
#include "sim/app/swarm/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>

#include "sim/app/swarm/draw_scenario.h"
#include "sim/script/read/load_scenario.h"
#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

using test::parse;

constexpr std::size_t kMany = 5'000;

// Shrinks a scenario that fails if `fails` returns true for it.
template <class Fails>
Scenario shrunk_of(const std::string& text, Fails fails, std::size_t most_runs = kMany) {
  const Shrunk shrunk = shrink(
      text, [&](const std::string& each) { return fails(parse(each)); }, most_runs);
  EXPECT_LE(shrunk.runs, most_runs);
  Scenario scenario = parse(shrunk.text);
  EXPECT_TRUE(fails(scenario)) << shrunk.text;
  return scenario;
}

template <class Action>
std::ptrdiff_t count(const Scenario& scenario) {
  return std::count_if(scenario.events.begin(), scenario.events.end(), [](const Event& event) {
    return std::holds_alternative<Action>(event.action);
  });
}

// Returns a seed whose scenario has this property.
template <class Holds>
std::string drawn_where(Holds holds) {
  for (std::uint64_t seed = 0;; ++seed) {
    std::string text = draw_scenario(seed);
    if (holds(parse(text))) return text;
  }
}

TEST(Shrink, LeavesNothingWhereEverythingFails) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Scenario small = shrunk_of(draw_scenario(seed), [](const Scenario&) { return true; });
    ASSERT_EQ(small.herds.size(), 1u);
    EXPECT_EQ(small.herds[0].servers.size(), 1u);
    EXPECT_TRUE(small.herds[0].links.empty());
    EXPECT_TRUE(small.clients.empty());
    EXPECT_TRUE(small.events.empty());
    EXPECT_EQ(small.duration, std::chrono::milliseconds(1));
    EXPECT_EQ(small.clock, ClockKind::kVirtual);
  }
}

TEST(Shrink, KeepsWhatIsNeeded) {
  const auto two_cuts = [](const Scenario& scenario) {
    return scenario.herds.size() == 1 && count<LinkDownEvent>(scenario) >= 2 &&
           count<SendEvent>(scenario) >= 1;
  };
  const Scenario small = shrunk_of(drawn_where(two_cuts), two_cuts);
  EXPECT_EQ(small.events.size(), 3u);
  EXPECT_EQ(small.herds[0].servers.size(), 2u);
  EXPECT_EQ(small.herds[0].links.size(), 1u);
  ASSERT_EQ(small.clients.size(), 1u);
  EXPECT_EQ(small.clients[0].count, 1u);
}

TEST(Shrink, DropsAHerdWithItsOwnEvents) {
  const auto one_cut = [](const Scenario& scenario) {
    return std::any_of(scenario.events.begin(), scenario.events.end(), [&](const Event& event) {
      return std::holds_alternative<LinkDownEvent>(event.action) &&
             (!event.herd || scenario.herds[*event.herd].name == "h1");
    });
  };
  const Scenario small = shrunk_of(drawn_where([&](const Scenario& scenario) {
                                     return scenario.herds.size() == 3 && one_cut(scenario) &&
                                            count<SetLinkEvent>(scenario) > 0;
                                   }),
                                   one_cut);
  EXPECT_EQ(small.herds.size(), 1u);
  EXPECT_EQ(small.events.size(), 1u);
}

TEST(Shrink, FindsThePlainFaultsOfChaos) {
  const auto has_chaos_alone = [](const Scenario& scenario) {
    return count<ChaosEvent>(scenario) == 1 && scenario.events.size() == 1 &&
           std::get<ChaosEvent>(scenario.events[0].action).server_down;
  };
  // Only a plan shows whether a server dies. Here, chaos that may stop servers counts as if it did.
  const auto kills = [](const Scenario& scenario) {
    return std::any_of(scenario.events.begin(), scenario.events.end(), [](const Event& event) {
      const auto* chaos = std::get_if<ChaosEvent>(&event.action);
      return (chaos != nullptr && chaos->server_down) ||
             std::holds_alternative<ServerDownEvent>(event.action);
    });
  };
  const Scenario small =
      shrunk_of(drawn_where([&](const Scenario& scenario) {
                  return has_chaos_alone(scenario) && scenario.duration > std::chrono::seconds(2);
                }),
                kills);
  EXPECT_EQ(small.events.size(), 1u);
  EXPECT_EQ(count<ServerDownEvent>(small), 1);
}

TEST(Shrink, LinksTheNeighboursOfAServerThatGoes) {
  const std::string text = R"({"name": "line", "clock": "virtual", "duration": "1s",
      "herds": [{"name": "h", "servers": 12, "links": "line"}]})";
  const auto ends_hang_together = [](const Scenario& scenario) {
    const HerdSpec& herd = scenario.herds[0];
    return herd.find_server("S1") && herd.find_server("S12") &&
           herd.links.size() + 1 == herd.servers.size();
  };
  const Scenario small = shrunk_of(text, ends_hang_together);
  EXPECT_EQ(small.herds[0].servers.size(), 2u);
  EXPECT_EQ(small.herds[0].links.size(), 1u);
}

TEST(Shrink, IsDeterministicAndKeepsToItsRuns) {
  const auto many_servers = [](const std::string& text) {
    return parse(text).herds[0].servers.size() > 1;
  };
  const std::string text =
      drawn_where([](const Scenario& s) { return s.herds[0].servers.size() > 8; });
  const Shrunk first = shrink(text, many_servers, kMany);
  const Shrunk second = shrink(text, many_servers, kMany);
  EXPECT_EQ(first.text, second.text);
  EXPECT_EQ(first.runs, second.runs);
  EXPECT_EQ(parse(first.text).herds[0].servers.size(), 2u);
  const Shrunk short_of_runs = shrink(text, many_servers, 3);
  EXPECT_EQ(short_of_runs.runs, 3u);
  EXPECT_TRUE(many_servers(short_of_runs.text));
}

}  // namespace
}  // namespace sim
