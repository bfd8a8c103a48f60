// Random numbers that are the same on every machine and standard library. A stream belongs to one
// entity (a client, a link, a server). Drawing from one stream never changes another. Generator:
// xoshiro256** 1.0 (Blackman and Vigna, 2018), seeded through SplitMix64.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/time.h"

namespace herd {

class Random {
 public:
  // `stream` names the entity, e.g. "client/phone-7/updates". The same seed and stream give the
  // same numbers.
  Random(std::uint64_t seed, std::string_view stream);

  std::uint64_t next();
  // Returns a number in [0, bound), uniform and without bias. Precondition: bound > 0.
  std::uint64_t below(std::uint64_t bound);
  // Returns a number in [0, 1), uniform, with 53 random bits.
  double uniform();
  // Returns an exponentially distributed duration with the given mean, at least 1 ns.
  Duration exponential(Duration mean);
  // Returns a normally distributed number with mean 0 and standard deviation 1 (Marsaglia and
  // Bray's polar method).
  double normal();
  // Returns a number in [min, max] with a bounded Pareto distribution: the density falls as x^-(1 +
  // exponent). Preconditions: 0 < min <= max, exponent > 0.
  double bounded_pareto(double min, double max, double exponent);

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace herd
