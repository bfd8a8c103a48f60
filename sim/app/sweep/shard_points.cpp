#include "sim/app/sweep/shard_points.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace sim {
namespace {

// Fractions as 32 bits behind the point, so that every machine computes the same.
std::uint32_t product(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint32_t>(std::uint64_t{a} * b >> 32);
}

// Returns x^1 to x^dimensions, where x^dimensions + x^(dimensions + 1) = 1. Their multiples fill
// the unit cube evenly (the generalized golden ratio; for one dimension, x is the golden ratio's).
std::vector<std::uint32_t> golden_powers(std::size_t dimensions) {
  const auto powers_of = [dimensions](std::uint32_t x) {
    std::vector<std::uint32_t> powers = {x};
    while (powers.size() < dimensions + 1) powers.push_back(product(powers.back(), x));
    return powers;
  };
  std::uint32_t x = 0;
  for (std::uint32_t bit = std::uint32_t{1} << 31; bit > 0; bit >>= 1) {
    const auto powers = powers_of(x | bit);
    const std::uint64_t sum = std::uint64_t{powers[dimensions - 1]} + powers[dimensions];
    if (sum >> 32 == 0) x |= bit;
  }
  std::vector<std::uint32_t> powers = powers_of(x);
  powers.pop_back();
  return powers;
}

// Returns a step for each key; 0 for a key with one value. The last key has the largest one.
std::vector<std::uint32_t> steps_of(const Sweep& sweep) {
  std::vector<std::size_t> varied;
  for (std::size_t k = sweep.keys.size(); k-- > 0;) {
    if (sweep.keys[k].values.size() > 1) varied.push_back(k);
  }
  std::vector<std::uint32_t> steps(sweep.keys.size());
  if (varied.empty()) return steps;
  const auto powers = golden_powers(varied.size());
  for (std::size_t i = 0; i < varied.size(); ++i) steps[varied[i]] = powers[i];
  return steps;
}

}  // namespace

std::vector<bool> own_points(const Sweep& sweep) {
  const std::size_t points = sweep.points();
  if (!sweep.shard) return std::vector<bool>(points, true);
  const std::vector<std::uint32_t> steps = steps_of(sweep);
  std::vector<std::pair<std::uint32_t, std::size_t>> order;  // a phase and its point
  for (std::size_t p = 0; p < points; ++p) {
    const std::vector<std::size_t> choice = sweep.choice(p);
    std::uint32_t phase = 0;  // the fraction of a sum: what is above 1 falls away
    for (std::size_t k = 0; k < choice.size(); ++k) {
      phase += static_cast<std::uint32_t>(choice[k]) * steps[k];
    }
    order.emplace_back(phase, p);
  }
  std::sort(order.begin(), order.end());
  std::vector<bool> own(points);
  for (std::size_t rank = 0; rank < points; ++rank) {
    own[order[rank].second] = rank * sweep.shard->of / points + 1 == sweep.shard->number;
  }
  return own;
}

}  // namespace sim
