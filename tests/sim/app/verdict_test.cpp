// Tests how failures are told apart, and what counts as one.
#include "sim/app/swarm/verdict.h"

#include <gtest/gtest.h>

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

TEST(Judge, TakesABadScenarioForAFailure) {
  const Verdict verdict = judge("{}", {});
  ASSERT_EQ(verdict.failures.size(), 1u);
  EXPECT_TRUE(verdict.has(verdict.failures[0].kind));
  EXPECT_FALSE(verdict.has("some other kind"));
}

}  // namespace
}  // namespace sim
