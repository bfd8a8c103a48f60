#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "sim/measure/checker/closed_forms.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {

static void PrintTo(const FloodCounts& c, std::ostream* out) {
  *out << c.messages << " messages, " << c.deliveries << " deliveries, " << c.duplicates
       << " duplicates, " << c.echoes << " echoes";
}

namespace {

using herd::Scheme;
using testing::ElementsAre;

// Computed by hand, from the table of the protocol.
TEST(ClosedForm, IsThatOfTheProtocol) {
  struct Row {
    const char* name;
    Component part;
    FloodCounts flood_echo, flood;
  };
  const Row rows[] = {
      {"alone", {1, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}},
      {"a pair", {2, 1}, {2, 1, 1, 1}, {1, 1, 0, 0}},
      {"a line of five", {5, 4}, {8, 4, 4, 4}, {4, 4, 0, 0}},
      {"the ring of five", {5, 5}, {10, 4, 6, 4}, {6, 4, 2, 0}},
      {"all of five with all", {5, 10}, {20, 4, 16, 4}, {16, 4, 12, 0}},
      {"a grid of four by four", {16, 24}, {48, 15, 33, 15}, {33, 15, 18, 0}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(closed_form(Scheme::kFloodEcho, row.part), row.flood_echo) << row.name;
    EXPECT_EQ(closed_form(Scheme::kFlood, row.part), row.flood) << row.name;
  }
}

TEST(ClosedForm, IsWhatAFloodTakes) {
  const std::vector<HerdSpec> herds = {
      paper_herd(),
      small_herd(1, {}),
      small_herd(4, {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}),
      small_herd(6, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {1, 4}}),
  };
  for (HerdSpec herd : herds) {
    for (const Scheme& scheme : {Scheme::kFloodEcho, Scheme::kFlood}) {
      herd.propagation = scheme;
      const auto servers = static_cast<std::uint32_t>(herd.servers.size());
      for (std::uint32_t origin = 0; origin < servers; ++origin) {
        ToyHerd toy(herd, HandPlan().client("kiwi", origin).update(0, at_ms(1)));
        toy.all_up().play();
        ASSERT_FALSE(toy.recorder.accepted().empty());
        const AcceptedUpdate& update = toy.recorder.accepted()[0];
        const FloodCounts counted{update.messages, update.reached - 1, update.duplicates,
                                  update.echoes};
        EXPECT_EQ(counted, closed_form(scheme, {servers, herd.links.size()})) << servers;
      }
    }
  }
}

TEST(Components, OfAWholeHerdAreOne) {
  const Components parts = find_components(paper_herd(), std::vector<bool>(5, true));
  EXPECT_THAT(parts.of_server, ElementsAre(0, 0, 0, 0, 0));
  ASSERT_EQ(parts.list.size(), 1U);
  EXPECT_EQ(parts.list[0].servers, 5U);
  EXPECT_EQ(parts.list[0].links, 5U);
}

TEST(Components, OfAHerdWithoutLinksAreItsServers) {
  const Components parts = find_components(paper_herd(), std::vector<bool>(5, false));
  EXPECT_EQ(parts.list.size(), 5U);
  for (std::uint32_t s = 0; s < 5; ++s) {
    EXPECT_EQ(parts.list[parts.of_server[s]].servers, 1U);
    EXPECT_EQ(parts.list[parts.of_server[s]].links, 0U);
  }
}

TEST(Components, OfACutRing) {
  // Without Alford - Hamilton and Ball - Holiday there are two parts: Alford, Ball and Welsh;
  // Hamilton and Holiday.
  const HerdSpec herd = paper_herd();
  std::vector<bool> up(5, true);
  up[*herd.find_link(kAlford, kHamilton)] = up[*herd.find_link(kBall, kHoliday)] = false;
  const Components parts = find_components(herd, up);
  ASSERT_EQ(parts.list.size(), 2U);
  EXPECT_EQ(parts.of_server[kAlford], parts.of_server[kBall]);
  EXPECT_EQ(parts.of_server[kAlford], parts.of_server[kWelsh]);
  EXPECT_EQ(parts.of_server[kHamilton], parts.of_server[kHoliday]);
  EXPECT_NE(parts.of_server[kAlford], parts.of_server[kHamilton]);
  EXPECT_EQ(parts.list[parts.of_server[kAlford]].servers, 3U);
  EXPECT_EQ(parts.list[parts.of_server[kAlford]].links, 2U);
  EXPECT_EQ(parts.list[parts.of_server[kHoliday]].servers, 2U);
  EXPECT_EQ(parts.list[parts.of_server[kHoliday]].links, 1U);
}

TEST(Adjacency, IsInTheOrderOfTheLinks) {
  const Adjacency all = make_adjacency(paper_herd());
  const auto told = [&](std::uint32_t server) {
    std::string out;
    for (const Adjacent& each : all[server]) {
      out += std::to_string(each.link) + (each.dials ? ">" : "<") + std::to_string(each.peer) + " ";
    }
    return out;
  };
  EXPECT_EQ(told(kAlford), "0>2 1>4 ");
  EXPECT_EQ(told(kBall), "2>3 3>4 ");
  EXPECT_EQ(told(kHamilton), "0<0 4>3 ");
  EXPECT_EQ(told(kHoliday), "2<1 4<2 ");
  EXPECT_EQ(told(kWelsh), "1<0 3<1 ");
  EXPECT_EQ(make_adjacency(small_herd(2, {})).size(), 2U);
}

}  // namespace
}  // namespace sim
