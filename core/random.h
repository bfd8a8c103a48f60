// Random numbers that are the same on every machine and standard library. A stream belongs to one
// entity (a client, a link, a server): drawing from one never disturbs another.
// Generator: xoshiro256** 1.0 (Blackman and Vigna, 2018), seeded through SplitMix64.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/time.h"

namespace herd {

class Random {
 public:
  // `stream` names the entity, e.g. "client/phone-7/updates". Same seed and stream: same draws.
  Random(std::uint64_t seed, std::string_view stream);

  std::uint64_t next();
  // Uniform in [0, bound), without bias. bound > 0.
  std::uint64_t below(std::uint64_t bound);
  // Uniform in [0, 1), 53 bits.
  double uniform();
  // Exponentially distributed with the given mean; at least 1 ns.
  Duration exponential(Duration mean);
  // Normally distributed, mean 0 and standard deviation 1 (Marsaglia and Bray's polar method).
  double normal();
  // Bounded Pareto: in [min, max] with a density that falls as x^-(1 + exponent). 0 < min <= max,
  // exponent > 0.
  double bounded_pareto(double min, double max, double exponent);

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace herd
