#include "sim/base/io/precise_timer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/sim/base/nanoseconds.h"

namespace sim {
namespace {

constexpr std::uint64_t kHour = 3'600'000 * kMs;

struct PreciseTimerTest : testing::Test {
  IoLoop loop;
  std::vector<std::uint64_t> fired;  // the times at which it fired
  std::unique_ptr<PreciseTimer> timer = std::make_unique<PreciseTimer>(loop, [this] {
    fired.push_back(uv_hrtime());
    loop.stop();
  });
};

TEST_F(PreciseTimerTest, FiresOnceAndNotBeforeItsTime) {
  for (const std::uint64_t wait : {kMs / 20, kMs, 7 * kMs + 123'456}) {
    fired.clear();
    const std::uint64_t at = uv_hrtime() + wait;
    timer->arm(at);
    loop.run();
    ASSERT_EQ(fired.size(), 1U);
    EXPECT_GE(fired[0], at);
  }
  for (int i = 0; i < 20; ++i) uv_run(loop.uv(), UV_RUN_NOWAIT);
  EXPECT_EQ(fired.size(), 1U);
}

TEST_F(PreciseTimerTest, WhatHasPassedFiresAtOnceButNotWithinTheCall) {
  for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{1}, uv_hrtime() - 1}) {
    fired.clear();
    timer->arm(at);
    EXPECT_TRUE(fired.empty());
    while (fired.empty()) uv_run(loop.uv(), UV_RUN_ONCE);
    EXPECT_EQ(fired.size(), 1U) << at;
  }
}

TEST_F(PreciseTimerTest, ArmingReplacesWhatWasArmed) {
  // An earlier moment replaces a later one.
  timer->arm(uv_hrtime() + kHour);
  timer->arm(uv_hrtime() + kMs);
  loop.run();
  EXPECT_EQ(fired.size(), 1U);
  // A later moment replaces an earlier one, even if that has come but was not reported yet.
  timer->arm(1);
  const std::uint64_t later = uv_hrtime() + 5 * kMs;
  timer->arm(later);
  loop.run();
  ASSERT_EQ(fired.size(), 2U);
  EXPECT_GE(fired[1], later);
}

TEST_F(PreciseTimerTest, ActionMayArmItAgain) {
  int rounds = 0;
  std::uint64_t due = uv_hrtime();
  std::unique_ptr<PreciseTimer> again;
  again = std::make_unique<PreciseTimer>(loop, [&] {
    EXPECT_GE(uv_hrtime(), due);
    if (++rounds == 10) return loop.stop();
    due = uv_hrtime() + kMs / 10;
    again->arm(due);
  });
  again->arm(due);
  loop.run();
  EXPECT_EQ(rounds, 10);
}

TEST_F(PreciseTimerTest, DisarmedTimerDoesNotFire) {
  timer->arm(1);
  timer->disarm();
  timer->arm(uv_hrtime() + kMs / 20);  // near enough to be polled for
  timer->disarm();
  for (int i = 0; i < 5; ++i) uv_run(loop.uv(), UV_RUN_NOWAIT);
  EXPECT_TRUE(fired.empty());
  uv_update_time(loop.uv());
  // One more turn if the loop's own sweep is due now.
  if (uv_backend_timeout(loop.uv()) == 0) uv_run(loop.uv(), UV_RUN_NOWAIT);
  EXPECT_NE(uv_backend_timeout(loop.uv()), 0) << "the loop may sleep";
}

// A timer that only the kernel wakes keeps the same guarantees.
TEST_F(PreciseTimerTest, EasyTimerFiresOnceAndNotBeforeItsTime) {
  timer = std::make_unique<PreciseTimer>(
      loop,
      [this] {
        fired.push_back(uv_hrtime());
        loop.stop();
      },
      PreciseTimer::Wake::kEasy);
  const std::uint64_t at = uv_hrtime() + kMs;
  timer->arm(at);
  loop.run();
  ASSERT_EQ(fired.size(), 1U);
  EXPECT_GE(fired[0], at);
}

TEST_F(PreciseTimerTest, WithoutAnAllowanceToPollItStillFires) {
  while (loop.may_poll(1)) loop.note_polled(1'000'000'000);
  const std::uint64_t at = uv_hrtime() + kMs / 20;
  timer->arm(at);
  loop.run();
  ASSERT_EQ(fired.size(), 1U);
  EXPECT_GE(fired[0], at);
}

TEST_F(PreciseTimerTest, GoneTimerNeverFires) {
  timer->arm(1);
  timer.reset();
  for (int i = 0; i < 5; ++i) uv_run(loop.uv(), UV_RUN_NOWAIT);
  EXPECT_TRUE(fired.empty());
}

}  // namespace
}  // namespace sim
