#include "sim/base/io/alarm_clock.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace sim {
namespace {

constexpr std::uint64_t kAlarmMs = 1'000'000;

struct AlarmClockTest : testing::Test {
  // Runs the loop until this number of letters is written.
  void run_until(std::size_t letters) {
    stop_at = letters;
    loop.run();
  }
  std::function<void()> write(char letter) {
    return [this, letter] {
      rung += letter;
      if (rung.size() == stop_at) loop.stop();
    };
  }

  IoLoop loop;
  AlarmClock clock{loop};
  std::string rung;
  std::size_t stop_at = 0;
};

TEST_F(AlarmClockTest, RingsInOrderOfTimeAndThenOfSetting) {
  Alarm a(clock, write('a')), b(clock, write('b')), c(clock, write('c')), d(clock, write('d'));
  const std::uint64_t now = uv_hrtime();
  c.set(now + 3 * kAlarmMs);
  b.set(now + 2 * kAlarmMs);
  d.set(now + 3 * kAlarmMs);
  a.set(now + kAlarmMs);
  run_until(4);
  EXPECT_EQ(rung, "abcd");
  EXPECT_GE(uv_hrtime(), now + 3 * kAlarmMs);
}

TEST_F(AlarmClockTest, NeverRingsBeforeItsTime) {
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t due = uv_hrtime() + 300'000;
    std::uint64_t seen = 0;
    Alarm alarm(clock, [&] {
      seen = uv_hrtime();
      loop.stop();
    });
    alarm.set(due);
    loop.run();
    ASSERT_GE(seen, due);
  }
}

TEST_F(AlarmClockTest, SettingReplacesAndCancelTakesBack) {
  Alarm a(clock, write('a')), b(clock, write('b')), c(clock, write('c'));
  const std::uint64_t now = uv_hrtime();
  a.set(now + kAlarmMs);
  b.set(now + 2 * kAlarmMs);
  c.set(now + 4 * kAlarmMs);
  a.set(now + 3 * kAlarmMs);
  b.cancel();
  EXPECT_TRUE(a.is_set());
  EXPECT_FALSE(b.is_set());
  run_until(2);
  EXPECT_EQ(rung, "ac");
  EXPECT_FALSE(a.is_set());
}

TEST_F(AlarmClockTest, ItsActionMaySetItAgainAndEndIt) {
  std::optional<Alarm> alarm;
  int rings = 0;
  alarm.emplace(clock, [&] {
    if (++rings < 3) return alarm->set(0);  // has passed: it rings on the next turn
    alarm.reset();
    loop.stop();
  });
  alarm->set(uv_hrtime());
  loop.run();
  EXPECT_EQ(rings, 3);
}

TEST_F(AlarmClockTest, GoneAlarmsNeverRingAndTheirPlacesAreUsedAgain) {
  auto gone = std::make_unique<Alarm>(clock, write('x'));
  const std::uint64_t now = uv_hrtime();
  gone->set(now + kAlarmMs);
  gone.reset();
  Alarm heir(clock, write('h'));  // reuses the number of the destroyed alarm
  Alarm last(clock, write('l'));
  last.set(now + 2 * kAlarmMs);
  run_until(1);
  EXPECT_EQ(rung, "l");
}

}  // namespace
}  // namespace sim
