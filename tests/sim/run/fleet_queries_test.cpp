// Tests what a fleet keeps of the answers to its clients' queries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "sim/run/clients/fleet.h"
#include "tests/sim/measure/toy_herd.h"
#include "tests/sim/run/fleet_play.h"

namespace sim {
namespace {

using testing::IsEmpty;

TEST(Fleet, KeepsWhatCameOfEachQuery) {
  FleetPlay play(kiwi()
                     .query(0, at_ms(1), "WHATSAT kiwi 10 5")
                     .query(0, at_ms(1), "WHATSAT ghost 10 5")
                     .query(0, at_ms(1), "WHATSAT kiwi 1 5")
                     .update(0, at_ms(1)));
  play.start().until_ms(2);
  play.say(0, "AT B +0.5 kiwi +1.0+1.0 7.5");
  play.say(0, R"({"status": "OK",)");
  EXPECT_EQ(play.log().queries[0].answered, std::nullopt);
  play.until_ms(3);
  play.say(0, R"("results": [1, 2, 3]})");
  play.until_ms(4);
  play.say(0, "");
  play.say(0, "? WHATSAT ghost 10 5");
  play.say(0, "AT B +0.5 kiwi +1.0+1.0 7.5");
  play.say(0, R"({"status": "OVER_QUERY_LIMIT", "results": []})");
  play.say(0, "");
  play.say(0, kAnswer1);
  const auto& queries = play.log().queries;
  EXPECT_EQ(queries[0].answered, at_ms(4));
  EXPECT_EQ(queries[0].status, "OK");
  EXPECT_EQ(queries[0].places, 3U);
  EXPECT_EQ(queries[0].server, 0U);
  EXPECT_EQ(queries[1].answered, at_ms(4));
  EXPECT_EQ(queries[1].status, "?");
  EXPECT_EQ(queries[1].places, std::nullopt);
  EXPECT_EQ(queries[2].status, "OVER_QUERY_LIMIT");
  EXPECT_EQ(queries[2].places, 0U);
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(Fleet, AQueryCutInItsPlacesIsUnanswered) {
  FleetPlay play(
      kiwi().query(0, at_ms(1), "WHATSAT kiwi 10 5").query(0, at_ms(300), "WHATSAT kiwi 10 5"));
  play.start().until_ms(1);
  play.say(0, "AT A +0.5 kiwi +1.0+1.0 7.5");
  play.say(0, R"({"status": "OK")");
  play.gone(0, false);
  play.until_ms(300);
  play.connected(1);
  // The next connection starts afresh.
  play.say(1, "AT A +0.5 kiwi +1.0+1.0 7.5");
  play.say(1, R"({"status": "ZERO_RESULTS", "results": []})");
  play.say(1, "");
  EXPECT_EQ(play.log().queries[0].answered, std::nullopt);
  EXPECT_EQ(play.log().queries[0].status, "");
  EXPECT_EQ(play.log().queries[1].status, "ZERO_RESULTS");
  EXPECT_THAT(play.log().violations, IsEmpty());
}

}  // namespace
}  // namespace sim
