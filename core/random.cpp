#include "core/random.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace herd {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

// FNV-1a, 64 bits: turns a stream's name into a number.
std::uint64_t hash_name(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace

Random::Random(std::uint64_t seed, std::string_view stream) : state_{} {
  std::uint64_t mix = seed;
  mix = split_mix(mix) ^ hash_name(stream);
  for (auto& word : state_) word = split_mix(mix);
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
  // Values below 2^64 mod bound would make small results more likely. This limit is less than the
  // bound, so that it is almost never needed: a division takes as long as all the rest.
  for (;;) {
    const std::uint64_t value = next();
    if (value >= bound || value >= (0 - bound) % bound) return value % bound;
  }
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

Duration Random::exponential(Duration mean) {
  const double draw = -std::log1p(-uniform()) * static_cast<double>(mean.count());
  return Duration(std::max<std::int64_t>(1, std::llround(draw)));
}

double Random::normal() {
  for (;;) {
    const double x = 2 * uniform() - 1;
    const double y = 2 * uniform() - 1;
    const double square = x * x + y * y;
    // The method also gives a second number from y. It is dropped, so that a stream has no other
    // state.
    if (square > 0 && square < 1) return x * std::sqrt(-2 * std::log(square) / square);
  }
}

double Random::bounded_pareto(double min, double max, double exponent) {
  // The share of the unbounded distribution above max.
  const double tail = std::pow(min / max, exponent);
  const double draw = min * std::pow(1 - uniform() * (1 - tail), -1 / exponent);
  return std::clamp(draw, min, max);
}

}  // namespace herd
