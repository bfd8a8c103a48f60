#include "sim/base/io/run_clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace sim {
namespace {

using namespace std::chrono_literals;

herd::PosixNs system_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

TEST(RunClock, TheSteadyWallClockGoesWithTheRun) {
  const RunClock clock;
  const herd::Instant now = clock.now();
  EXPECT_EQ(clock.wall(now + 5s), clock.wall(now) + 5'000'000'000);
  EXPECT_EQ(clock.wall(now), clock.wall(now));
}

// It is read again at each call, so that a step of the system's clock shows.
TEST(RunClock, TheSystemsWallClockIsReadEachTime) {
  const RunClock clock(WallClock::kSystem);
  const herd::PosixNs before = system_now();
  const herd::PosixNs shown = clock.wall(clock.now());
  const herd::PosixNs after = system_now();
  // Between the readings of its two clocks the thread may lose the processor.
  EXPECT_GE(shown, before - (after - before));
  EXPECT_LE(shown, after);
}

}  // namespace
}  // namespace sim
