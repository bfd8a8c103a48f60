// Tests how failures are told apart, and what counts as one.
#include "sim/app/swarm/verdict.h"

#include <gtest/gtest.h>

#include <string>

namespace sim {
namespace {

TEST(KindOf, LeavesNamesNumbersAndQuotationsOut) {
  EXPECT_EQ(kind_of("server S3 lacks update 7 of c0-1 at Ball, which S1 holds, a server that it is "
                    "connected to"),
            kind_of("server S4 lacks update 12 of told-0 at S1, which S2 holds, a server that it "
                    "is connected to"));
  EXPECT_EQ(kind_of("herd h0: client c0-1 at S1: an IAMAT's answer is no AT: 'x y z', so"),
            "herd client at an answer is no");
  EXPECT_NE(kind_of("server S1: its record of c0-1 went back in client time, from 2.0 to 1.0"),
            kind_of("server S1: an AT line came from S2 that the neighbour did not send: 'AT'"));
  EXPECT_EQ(kind_of("client c at S1: never answered: ' x y'"),
            kind_of("client c at S1: never answered: 'it's' and 2 lines after it"));
}

// The link takes a second for the record, is closed as silent meanwhile, and comes up again.
TEST(Judge, LeavesALinkThatCannotCarryALineBeforeItsKeepAlive) {
  const std::string long_time = "1." + std::string(7'300, '0');
  const std::string scenario = R"({"name": "n", "clock": "virtual", "duration": "1ms",
      "drain": "2min", "herds": [{"name": "h", "servers": 2, "links": "line", "recovery": "sync",
        "link": {"bandwidth": "64kbit/s"}, "keepalive": {"timeout": "800ms"}}],
      "events": [{"at": "0s", "do": "send", "client": "c", "line": "IAMAT c +34-118 )" +
                               long_time + R"("}], "clients": [{"id": "c", "server": "S1"}]})";
  const Verdict verdict = judge(scenario, {});
  EXPECT_TRUE(verdict.failures.empty()) << verdict.failures[0].sentence;
  EXPECT_GT(verdict.messages, 10u) << "it is sent again and again";
}

TEST(Judge, TakesABadScenarioForAFailure) {
  const Verdict verdict = judge("{}", {});
  ASSERT_EQ(verdict.failures.size(), 1u);
  EXPECT_TRUE(verdict.has(verdict.failures[0].kind));
  EXPECT_FALSE(verdict.has("some other kind"));
}

}  // namespace
}  // namespace sim
