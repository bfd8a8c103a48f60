// Tests that every drawn scenario is valid, that a seed always gives the same one, and that every
// kind of thing is drawn.
#include "sim/app/swarm/draw_scenario.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <variant>

#include "core/limits.h"
#include "sim/script/read/load_scenario.h"
#include "tests/samples.h"

namespace sim {
namespace {

TEST(DrawScenario, GivesScenariosThatTheReaderTakes) {
  std::set<std::size_t> actions;
  std::set<std::size_t> herds, servers, models;
  int recovering = 0, echoing = 0, texts = 0, quiet_links = 0, asking = 0;
  // Drawn now and then only.
  std::map<std::string, int> rare = {{"short drain", 0},   {"server time", 0}, {"slow client", 0},
                                     {"odd server", 0},    {"odd herd", 0},    {"odd client", 0},
                                     {"long client", 0},   {"LINK", 0},        {"SYNC", 0},
                                     {"overlong line", 0}, {"long subject", 0}};
  constexpr int kSeeds = herd::test::samples(3000);
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto scenario = parse_scenario("drawn.json", draw_scenario(seed));
    ASSERT_TRUE(scenario.ok()) << seed << ": " << scenario.error()[0];
    EXPECT_EQ(scenario->clock, ClockKind::kVirtual);
    EXPECT_EQ(scenario->seed, seed);
    rare["short drain"] += scenario->drain < std::chrono::seconds(4);
    herds.insert(scenario->herds.size());
    for (const HerdSpec& herd : scenario->herds) {
      servers.insert(herd.servers.size());
      rare["server time"] += herd.order == herd::RecordOrder::kServerTime;
      rare["odd herd"] += !herd.name.starts_with("h");
      const std::string& name = herd.servers[0].name;
      rare["odd server"] += name != "S1" && name != "Alford";
      recovering += herd.recovery == herd::Recovery::kSync;
      echoing += herd.propagation == herd::Scheme::kFloodEcho;
      texts += herd.wire == Wire::kText;
      quiet_links += !herd.keep_alive;
    }
    for (const ClientGroup& group : scenario->clients) {
      models.insert(group.mobility.index());
      asking += group.queries.has_value();
      rare["slow client"] += group.link.forward.latency >= std::chrono::milliseconds(500);
      rare["odd client"] += !group.id.starts_with("c");
      rare["long client"] += group.id.size() > 7'000;
    }
    for (const Event& event : scenario->events) {
      actions.insert(event.action.index());
      const auto* const send = std::get_if<SendEvent>(&event.action);
      if (send == nullptr) continue;
      rare["LINK"] += send->line.starts_with("LINK h0");
      rare["SYNC"] += send->line.starts_with("SYNC");
      rare["overlong line"] += send->line.size() > herd::kMaxClientLine;
      rare["long subject"] += send->line.starts_with("IAMAT kkkkk");
    }
  }
  for (const auto& [what, count] : rare) {
    EXPECT_GT(count, kSeeds / 300) << what;
    EXPECT_LT(count, kSeeds / 2) << what;
  }
  EXPECT_EQ(herds, (std::set<std::size_t>{1, 2, 3}));
  EXPECT_EQ(*servers.begin(), 1u);
  EXPECT_GT(*servers.rbegin(), 50u);
  EXPECT_EQ(actions.size(), std::variant_size_v<EventAction>);
  EXPECT_EQ(models.size(),
            std::variant_size_v<Mobility> - 1);  // all except traces, which need files
  for (const int count : {recovering, echoing, texts, quiet_links, asking}) {
    EXPECT_GT(count, kSeeds / 10);
    EXPECT_LT(count, kSeeds);
  }
}

TEST(DrawScenario, TheSameSeedGivesTheSameText) {
  EXPECT_EQ(draw_scenario(7), draw_scenario(7));
  EXPECT_NE(draw_scenario(7), draw_scenario(8));
}

}  // namespace
}  // namespace sim
