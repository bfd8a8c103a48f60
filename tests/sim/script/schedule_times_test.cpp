#include "sim/script/plan/schedule_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

namespace sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

UpdateSchedule ramp(double from_per_s, double to_per_s, Duration over,
                    Arrivals arrivals = Arrivals::kSteady) {
  return {Duration(0), arrivals, Ramp{from_per_s, to_per_s, over}};
}

// Returns the times before `end` of member `n` of `count`.
std::vector<Duration> times_of(const UpdateSchedule& schedule, Duration end, std::uint32_t n = 0,
                               std::uint32_t count = 1, std::uint64_t seed = 1) {
  ScheduleTimes times(schedule, n, count, herd::Random(seed, "test"));
  std::vector<Duration> out;
  for (auto at = times.next(); at && *at < end; at = times.next()) out.push_back(*at);
  return out;
}

Duration from_seconds(double s) { return Duration(std::llround(s * 1e9)); }

TEST(ScheduleTimes, OfARateAreAtEqualIntervals) {
  const UpdateSchedule schedule{400ms};
  EXPECT_THAT(times_of(schedule, 1s), ElementsAre(0ms, 400ms, 800ms));
  EXPECT_THAT(times_of(schedule, 1s, 3, 4), ElementsAre(300ms, 700ms));
}

// From 0 to 10/s in 10 s: t²/2 = k.
TEST(ScheduleTimes, OfARisingRampSolveItsIntegral) {
  const auto times = times_of(ramp(0, 10, 10s), 10s);
  ASSERT_EQ(times.size(), 50U);
  for (std::size_t k = 0; k < times.size(); ++k) {
    EXPECT_EQ(times[k], from_seconds(std::sqrt(2.0 * static_cast<double>(k)))) << k;
  }
  EXPECT_EQ(times[2], 2s);
  EXPECT_EQ(times[8], 4s);
}

// From 10/s to 0 in 10 s: 10t - t²/2 = k, so t = 10 - √(100 - 2k). There are 50 in all, then no
// more.
TEST(ScheduleTimes, OfAFallingRampEndWhereItIsDownToNothing) {
  const auto times = times_of(ramp(10, 0, 10s), 1000s);
  ASSERT_EQ(times.size(), 51U);
  for (std::size_t k = 0; k < times.size(); ++k) {
    EXPECT_NEAR(static_cast<double>(times[k].count()),
                1e9 * (10 - std::sqrt(100 - 2.0 * static_cast<double>(k))), 1)
        << k;
  }
  EXPECT_EQ(times[18], 2s);
  EXPECT_EQ(times.back(), 10s);
}

TEST(ScheduleTimes, OfALevelRampAreThoseOfItsRate) {
  EXPECT_EQ(times_of(ramp(10, 10, 3s), 7s), times_of(UpdateSchedule{100ms}, 7s));
  EXPECT_EQ(times_of(ramp(8, 8, 1s), 7s, 3, 4), times_of(UpdateSchedule{125ms}, 7s, 3, 4));
}

TEST(ScheduleTimes, GoOnAtTheLastRateBehindARamp) {
  // From 2/s to 4/s in 2 s: 6 by then, and 4 in each second after it.
  const auto times = times_of(ramp(2, 4, 2s), 4s);
  ASSERT_EQ(times.size(), 14U);
  EXPECT_EQ(times[6], 2s);
  for (std::size_t k = 6; k < times.size(); ++k) {
    EXPECT_EQ(times[k], 2s + 250ms * static_cast<int>(k - 6));
  }
}

TEST(ScheduleTimes, MembersOfARampBeginInTurn) {
  // The n-th of four members begins at n/4 of one: t²/2 = k + n/4.
  for (std::uint32_t n = 0; n < 4; ++n) {
    const auto times = times_of(ramp(0, 10, 10s), 5s, n, 4);
    ASSERT_GE(times.size(), 12U);
    for (std::size_t k = 0; k < times.size(); ++k) {
      EXPECT_EQ(times[k], from_seconds(std::sqrt(2 * (static_cast<double>(k) + n / 4.0))));
    }
  }
}

// The integral of the rate, in another form.
double integral(const Ramp& ramp, double t) {
  const double over = std::chrono::duration<double>(ramp.over).count();
  const double inside = std::min(t, over);
  return ramp.from_per_s * inside +
         (ramp.to_per_s - ramp.from_per_s) * inside * inside / (2 * over) +
         std::max(0.0, t - over) * ramp.to_per_s;
}

TEST(RampReaches, IsTheInverseOfTheIntegral) {
  const Ramp kRamps[] = {{0, 10, 10s},        {10, 0, 10s},    {10, 5000, 10s}, {5000, 10, 10s},
                         {7, 7, 3s},          {1e-3, 1e6, 1h}, {1e6, 1e-3, 1h}, {3, 3.0000001, 60s},
                         {3.0000001, 3, 60s}, {0, 1e9, 1ms},   {1e9, 0, 1ms}};
  for (const Ramp& each : kRamps) {
    const double over = std::chrono::duration<double>(each.over).count();
    const double at_end = integral(each, over);
    double last = -1;
    for (int i = 0; i <= 1000; ++i) {
      const double count = at_end * i / 1000;
      const auto t = ramp_reaches(each, count);
      ASSERT_TRUE(t.has_value()) << count;
      EXPECT_GE(*t, 0);
      EXPECT_LE(*t, over);
      EXPECT_GT(*t, last) << each.from_per_s << " to " << each.to_per_s << " at " << i;
      last = *t;
      EXPECT_NEAR(integral(each, *t), count, 1e-9 * at_end);
    }
    const auto beyond = ramp_reaches(each, at_end + 1);
    EXPECT_EQ(beyond.has_value(), each.to_per_s > 0);
    if (beyond) {
      EXPECT_NEAR(*beyond - over, 1 / each.to_per_s, 1e-6 / each.to_per_s);
    }
  }
}

// The number of times before T is Poisson with the integral as its mean and its variance. Over 200
// seeds the mean of the counts has the standard deviation √(mean/200).
TEST(ScheduleTimes, PoissonArrivalsFollowTheRamp) {
  for (const auto& [from, to] : {std::pair(0.0, 40.0), std::pair(40.0, 0.0)}) {
    const UpdateSchedule schedule = ramp(from, to, 10s, Arrivals::kPoisson);
    double first_half = 0, all = 0, squares = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      // The first time comes from the phase alone, without a draw. The drawn times follow it.
      const auto times = times_of(schedule, 10s, 0, 1, seed);
      ASSERT_FALSE(times.empty());
      EXPECT_EQ(times.front(), 0s);
      EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
      const auto drawn = static_cast<double>(times.size() - 1);
      all += drawn;
      squares += drawn * drawn;
      for (const Duration at : times) first_half += at > 0s && at < 5s ? 1 : 0;
    }
    const double mean = all / 200;
    EXPECT_NEAR(mean, 200, 5 * std::sqrt(200.0 / 200));
    EXPECT_NEAR(squares / 200 - mean * mean, 200, 5 * 200 * std::sqrt(2.0 / 200));
    const double half = from < to ? 50 : 150;
    EXPECT_NEAR(first_half / 200, half, 5 * std::sqrt(half / 200));
  }
}

TEST(ScheduleTimes, PoissonRampsComeFromTheSeed) {
  const UpdateSchedule schedule = ramp(1, 50, 10s, Arrivals::kPoisson);
  EXPECT_EQ(times_of(schedule, 10s, 1, 2, 7), times_of(schedule, 10s, 1, 2, 7));
  EXPECT_NE(times_of(schedule, 10s, 1, 2, 7), times_of(schedule, 10s, 1, 2, 8));
}

TEST(ScheduleTimes, AVerySlowRampHasNoMoreTimesThanCanBeCounted) {
  // From 0 to one per year, over a year: the times are 0, then the year's end for half a one, and
  // so on.
  const UpdateSchedule slow = ramp(0, 1.0 / (8760.0 * 3600), 8760h);
  EXPECT_THAT(times_of(slow, 8760h), ElementsAre(0s));
  ScheduleTimes all(slow, 0, 1, herd::Random(1, "test"));
  int times = 0;
  while (all.next()) ++times;
  EXPECT_GT(times, 250);  // in the 285 years that can be counted
  EXPECT_LT(times, 300);
}

}  // namespace
}  // namespace sim
