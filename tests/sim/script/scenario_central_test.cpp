// Scenarios with a central herd.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/sim/script/scenario_support.h"

namespace sim::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(CentralHerdScenario, IsAStarAroundTheFirstServer) {
  const HerdSpec herd = herd_with(R"("engine": "central")");
  ASSERT_TRUE(herd.central);
  EXPECT_TRUE(herd.central->durable);
  EXPECT_EQ(herd.servers.size(), 5U);
  EXPECT_THAT(herd.links,
              ElementsAre(LinkSpec{0, 1}, LinkSpec{0, 2}, LinkSpec{0, 3}, LinkSpec{0, 4}));
  EXPECT_FALSE(herd_with(R"("engine": "native")").central);
}

TEST(CentralHerdScenario, TakesItsConditions) {
  const HerdSpec herd = herd_with(
      R"("engine": "central", "durability": "off", "servers": 3, "links": [["S3", "S1"], ["S1", "S2"]],
         "link": {"latency": "5ms"}, "link_overrides": [{"link": ["S1", "S2"], "latency": "1ms"}])");
  ASSERT_TRUE(herd.central);
  EXPECT_FALSE(herd.central->durable);
  EXPECT_THAT(herd.links, ElementsAre(LinkSpec{0, 2}, LinkSpec{0, 1}));
  EXPECT_EQ(herd.conditions_of(0).forward.latency, std::chrono::milliseconds(5));
  EXPECT_EQ(herd.conditions_of(1).backward.latency, std::chrono::milliseconds(1));
}

TEST(CentralHerdScenario, RefusesWhatMeansNothingToIt) {
  for (const std::string key :
       {R"("propagation": "flood")", R"("recovery": "none")", R"("keepalive": "off")"}) {
    EXPECT_THAT(error_of(text_of(R"(, "engine": "central", )" + key, "")),
                HasSubstr("means nothing to the front ends of a database"));
  }
  EXPECT_THAT(error_of(text_of(R"(, "durability": "on")", "")),
              HasSubstr("herds.0.durability: is a setting of a central herd's database"));
  EXPECT_THAT(error_of(text_of(R"(, "engine": "central", "durability": "maybe")", "")),
              HasSubstr("herds.0.durability: \"maybe\" is not known here"));
  EXPECT_THAT(
      error_of(text_of(R"(, "engine": "central")", R"(, "clock": "virtual")")),
      HasSubstr("herds.0.engine: runs a real database, which virtual time cannot wait for"));
}

TEST(CentralHerdScenario, RefusesLinksThatAreNoStar) {
  for (const std::string links :
       {R"("ring")", R"("line")", R"("paper")", R"("complete")", R"([["Alford", "Ball"]])"}) {
    EXPECT_THAT(error_of(text_of(R"(, "engine": "central", "links": )" + links, "")),
                HasSubstr("herds.0.links: do not link the first server"))
        << links;
  }
  // With two servers all shapes are the same.
  EXPECT_EQ(herd_with(R"("engine": "central", "servers": 2, "links": "line")").links.size(), 1U);
}

}  // namespace
}  // namespace sim::test
