// A range of 64-bit hashes: all hashes that begin with the same hexadecimal digits.
#pragma once

#include <cstdint>

namespace herd {

struct HashPrefix {
  static constexpr int kMaxDigits = 16;  // the digits of one complete hash

  std::uint64_t bits = 0;  // the digits, from the highest bits down, then zeros
  int digits = 0;          // number of digits, in [0, kMaxDigits]

  static constexpr HashPrefix whole(std::uint64_t hash) { return {hash, kMaxDigits}; }

  // Returns the hashes of this range whose next digit is `digit`. Precondition: digits <
  // kMaxDigits.
  constexpr HashPrefix child(std::uint64_t digit) const {
    return {bits | digit << (60 - 4 * digits), digits + 1};
  }
  constexpr bool covers(std::uint64_t hash) const {
    return digits == 0 || (hash ^ bits) >> (64 - 4 * digits) == 0;
  }
  friend constexpr bool operator==(const HashPrefix&, const HashPrefix&) = default;
};

}  // namespace herd
