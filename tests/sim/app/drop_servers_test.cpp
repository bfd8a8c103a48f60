// Tests the removal of servers from a scenario.
#include "sim/app/swarm/drop_servers.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/read/load_scenario.h"
#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

using test::parse;

OwnedJson json_of_text(const std::string& text) { return parse_json(text); }

const std::string kRing = R"({"name": "t", "duration": "1s",
    "herds": [{"name": "a", "servers": 4, "links": "ring"},
              {"name": "b", "servers": ["S1", {"name": "S2", "skew": "1ms"}, "S3", "S4"],
               "links": "star", "propagation": "flood"}],
    "clients": [{"id": "c", "server": "S2"}],
    "events": [{"at": "1ms", "do": "link_down", "herd": "a", "link": ["S2", "S3"]},
               {"at": "2ms", "do": "server_down", "server": "S2"},
               {"at": "3ms", "do": "move", "client": "c", "to": "S2"},
               {"at": "4ms", "do": "burst", "server": "S3", "updates": 1},
               {"at": "5ms", "do": "partition", "herd": "a", "groups": [["S2"], ["S3"]]}]})";

OwnedJson spelt_ring() { return spell_out_servers(json_of_text(kRing).get(), parse(kRing)); }

TEST(DropServers, SpellsOutWhatAShapeMakes) {
  const OwnedJson spelt = spelt_ring();
  const Scenario before = parse(kRing), after = parse(dump_json(spelt.get(), 2));
  for (std::size_t h = 0; h < before.herds.size(); ++h) {
    EXPECT_EQ(after.herds[h].links, before.herds[h].links);
    for (std::size_t s = 0; s < before.herds[h].servers.size(); ++s) {
      EXPECT_EQ(after.herds[h].servers[s].name, before.herds[h].servers[s].name);
    }
  }
  EXPECT_EQ(after.herds[1].servers[1].skew.offset, std::chrono::milliseconds(1));
  EXPECT_EQ(server_names(spelt.get()), (std::vector<std::string>{"S1", "S2", "S3", "S4"}));
}

TEST(DropServers, TakesItsLinksAndEventsAlong) {
  const OwnedJson out = without_servers(spelt_ring().get(), {"S2"}, Leaving::kAlone);
  const Scenario left = parse(dump_json(out.get(), 2));
  EXPECT_EQ(left.herds[0].servers.size(), 3u);
  EXPECT_EQ(left.herds[0].links.size(), 2u);
  EXPECT_EQ(left.herds[1].links.size(), 2u);
  EXPECT_EQ(std::get<std::string>(left.clients[0].server), "S1");
  ASSERT_EQ(left.events.size(), 3u);
  EXPECT_EQ(std::get<MoveEvent>(left.events[0].action).to, "S1");
  EXPECT_EQ(std::get<BurstEvent>(left.events[1].action).server, "S3");
  EXPECT_EQ(std::get<PartitionEvent>(left.events[2].action).groups,
            (std::vector<std::vector<std::string>>{{"S3"}}));
}

TEST(DropServers, LeavesLinksAndClientsToAnHeir) {
  const OwnedJson out = without_servers(spelt_ring().get(), {"S2"}, Leaving::kToTheHeir);
  const Scenario left = parse(dump_json(out.get(), 2));
  // S1 has taken over S2's links, so the ring of four has become a triangle.
  const std::vector<LinkSpec> triangle = {{0, 1}, {1, 2}, {0, 2}};
  EXPECT_EQ(left.herds[0].links, triangle);
  EXPECT_EQ(std::get<std::string>(left.clients[0].server), "S1");
  ASSERT_EQ(left.events.size(), 4u);
  const auto& cut = std::get<LinkDownEvent>(left.events[0].action);
  EXPECT_EQ(cut.first + cut.second, "S1S3");
}

TEST(DropServers, AnHeirMayLeaveToo) {
  const OwnedJson out = without_servers(spelt_ring().get(), {"S2", "S3"}, Leaving::kToTheHeir);
  const Scenario left = parse(dump_json(out.get(), 2));
  ASSERT_EQ(left.herds[0].servers.size(), 2u);
  EXPECT_EQ(left.herds[0].links.size(), 1u);
  const OwnedJson hub_gone = without_servers(spelt_ring().get(), {"S1"}, Leaving::kToTheHeir);
  EXPECT_EQ(parse(dump_json(hub_gone.get(), 2)).herds[1].links.size(), 2u);
}

TEST(DropServers, LeavesOneAtLeast) {
  EXPECT_EQ(without_servers(spelt_ring().get(), {"S1", "S2", "S3", "S4"}, Leaving::kAlone),
            nullptr);
}

}  // namespace
}  // namespace sim
