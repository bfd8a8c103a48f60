// When one client does what its schedule says.
#pragma once

#include <cstdint>
#include <optional>

#include "core/random.h"
#include "core/time.h"
#include "sim/script/spec/client_group.h"

namespace sim {

// i/n of `whole`, rounded down, without overflow: i <= n < 2^32.
Duration fraction_of(Duration whole, std::uint64_t i, std::uint64_t n);

// The times, counted from the run's time zero, one after the other. Member `n` of a group of
// `count` begins at n/count of a period, so that a group does not speak all at once; of a ramp, at
// n/count of one. Then come equal steps, or, for Poisson arrivals, exponential ones: of time, or
// for a ramp of the integral of its rate, as one draws from an inhomogeneous Poisson process
// (Çınlar 1975, by inversion).
class ScheduleTimes {
 public:
  ScheduleTimes(const UpdateSchedule& schedule, std::uint32_t n, std::uint32_t count,
                herd::Random random);
  // The next time, without end; none where a ramp has come down to nothing.
  std::optional<Duration> next();

 private:
  std::optional<Duration> next_of_ramp();

  UpdateSchedule schedule_;
  herd::Random random_;
  Duration at_{0};     // the next, without a ramp
  double offset_ = 0;  // the ramp's integral at the next: this and
  double steps_ = 0;   // so many steps of one, or of random length
};

// When the integral of a ramp's rate from time zero on reaches `count` (>= 0), in seconds; none
// where it never does.
std::optional<double> ramp_reaches(const Ramp& ramp, double count);

}  // namespace sim
