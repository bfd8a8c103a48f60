// The times at which one client acts, according to its schedule.
#pragma once

#include <cstdint>
#include <optional>

#include "core/random.h"
#include "core/time.h"
#include "sim/script/spec/client_group.h"

namespace sim {

// Returns i/n of `whole`, rounded down, without overflow: i <= n < 2^32.
Duration fraction_of(Duration whole, std::uint64_t i, std::uint64_t n);

// Gives a schedule's times one after the other, counted from the run's time zero. Member `n` of a
// group of `count` begins at n/count of a period. So a group's members do not all act at once.
// Steady arrivals then follow at equal steps, Poisson arrivals at exponential steps.
//
// With a ramp, the steps are not of time but of the integral of the rate. Member `n` begins at
// n/count of a step. This draws from an inhomogeneous Poisson process (Çınlar 1975, by inversion).
class ScheduleTimes {
 public:
  ScheduleTimes(const UpdateSchedule& schedule, std::uint32_t n, std::uint32_t count,
                herd::Random random);
  // Returns the next time. The times never end, except that nullopt follows if a ramp has reached
  // zero.
  std::optional<Duration> next();

 private:
  std::optional<Duration> next_of_ramp();

  UpdateSchedule schedule_;
  herd::Random random_;
  Duration at_{0};     // the next time, without a ramp
  double offset_ = 0;  // the ramp's integral at the next time is this plus `steps_`
  double steps_ = 0;   // the sum of the steps so far: each is 1 or random
};

// Returns the time in seconds at which the integral of a ramp's rate from time zero reaches `count`
// (>= 0); nullopt if it never does.
std::optional<double> ramp_reaches(const Ramp& ramp, double count);

}  // namespace sim
