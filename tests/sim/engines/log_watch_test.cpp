#include "sim/engines/watch/log_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/engines/watch_support.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LogWatchTest : public testing::Test {
 protected:
  void SetUp() override { herd_.outside.answered(0, 0, at_ms(5)); }
  // Returns the servers that hold the update, including S1, which a client told.
  std::vector<std::uint32_t> holders() {
    std::vector<std::uint32_t> out;
    for (std::uint32_t s = 0; s < 3; ++s) {
      if (herd_.outside.holds(s, 0)) out.push_back(s);
    }
    return out;
  }

  WatchedHerd herd_{small_herd(3, {{0, 1}, {1, 2}}), HandPlan().client("kiwi").update(0, at_ms(1))};
};

TEST_F(LogWatchTest, ALineThatMatchesSaysThatItsServerHolds) {
  LogWatch watch(herd_.spec, R"(has (?P<client>\S+) of (?P<time>\S+))", herd_.outside);
  EXPECT_EQ(watch.last_sighting(), herd::Instant::min());
  watch.line(1, "12:00 INFO has kiwi of " + herd_.time(0) + " now", at_ms(7));
  EXPECT_THAT(holders(), ElementsAre(0, 1));
  EXPECT_EQ(watch.last_sighting(), at_ms(7));
  EXPECT_EQ(herd_.recorder.deliveries()[0].latency, at_ms(7) - at_ms(5));
}

TEST_F(LogWatchTest, OtherLinesSayNothing) {
  LogWatch watch(herd_.spec, R"(has (?P<client>\S+) of (?P<time>\S+))", herd_.outside);
  watch.line(1, "", at_ms(7));
  watch.line(1, "listening", at_ms(7));
  watch.line(1, "has pear of " + herd_.time(0), at_ms(7));
  watch.line(1, "has kiwi of 12.5", at_ms(7));
  watch.line(1, "has kiwi of yesterday", at_ms(7));
  watch.line(std::nullopt, "has kiwi of " + herd_.time(0), at_ms(7));
  EXPECT_THAT(holders(), ElementsAre(0));
  EXPECT_EQ(watch.last_sighting(), herd::Instant::min());
}

TEST_F(LogWatchTest, ALineThatCameAtTheEndHasNoTime) {
  LogWatch watch(herd_.spec, R"(has (?P<client>\S+) of (?P<time>\S+))", herd_.outside);
  watch.line(1, "has kiwi of " + herd_.time(0), at_ms(7), true);
  EXPECT_THAT(holders(), ElementsAre(0, 1));
  EXPECT_FALSE(herd_.recorder.deliveries()[0].latency);
  EXPECT_EQ(watch.sightings(), 1U);
  EXPECT_EQ(watch.late_sightings(), 1U);
}

TEST_F(LogWatchTest, OneProcessNamesTheServer) {
  LogWatch watch(herd_.spec, R"((?P<time>\d+\.\d+) (?P<client>\w+)@(?P<server>\w+))",
                 herd_.outside);
  watch.line(std::nullopt, herd_.time(0) + " kiwi@S3", at_ms(7));
  watch.line(std::nullopt, herd_.time(0) + " kiwi@S9", at_ms(8));
  EXPECT_THAT(holders(), ElementsAre(0, 2));
}

TEST_F(LogWatchTest, BytesThatAreNoTextDoNoHarm) {
  LogWatch watch(herd_.spec, R"(\xfe(?P<client>\w+) (?P<time>[\d.]+))", herd_.outside);
  watch.line(1, "\xff\xfekiwi " + herd_.time(0) + "\xff", at_ms(7));
  EXPECT_THAT(holders(), ElementsAre(0, 1));
}

TEST_F(LogWatchTest, NothingIsKnownBeforeTimeZero) {
  OutsideWatch not_begun(herd_.spec, herd_.plan, herd_.recorder);
  LogWatch watch(herd_.spec, R"((?P<client>\w+) (?P<time>\S+))", not_begun);
  watch.line(1, "kiwi " + herd_.time(0), at_ms(7));
  EXPECT_THAT(herd_.recorder.deliveries(), IsEmpty());
}

}  // namespace
}  // namespace sim
