// Random draws for the swarm's scenarios. They all come from one herd::Random, so the same seed and
// stream give the same draws on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "core/random.h"

namespace sim {

class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view stream) : random_(seed, stream) {}

  // Returns true with a probability of `percent` in 100.
  bool chance(int percent) { return random_.below(100) < static_cast<std::uint64_t>(percent); }
  // Returns a uniform number in [low, high]. low <= high.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low +
           static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low) + 1));
  }
  // Returns a uniform index into a list of this size. size > 0.
  std::size_t place_in(std::size_t size) { return static_cast<std::size_t>(random_.below(size)); }
  // Returns a random item of the list, which must not be empty.
  template <class T>
  const T& one_of(const std::vector<T>& list) {
    return list[place_in(list.size())];
  }
  template <class T>
  T one_of(std::initializer_list<T> list) {
    return list.begin()[place_in(list.size())];
  }

 private:
  herd::Random random_;
};

}  // namespace sim
