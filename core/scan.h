// Scans text eight bytes at a time: for the white space that ends a field, and for runs of digits.
// The results are the same as those of a loop over bytes; the tests compare the two.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/fields.h"

namespace herd {

inline std::uint64_t load8(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Returns the position of the first white space at or after `from`, or the text's size if there is
// none.
inline std::size_t find_space(std::string_view text, std::size_t from) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const char* const base = text.data();
  const std::size_t size = text.size();
  std::size_t at = from;
  while (at + 8 <= size) {
    const std::uint64_t word = load8(base + at);
    // Zero if no byte is below 0x21, that is, a space or a control character.
    if (((word - kOnes * 0x21) & ~word & kHighs) == 0) {
      at += 8;
      continue;
    }
    for (const std::size_t end = at + 8; at < end; ++at) {
      if (is_space(base[at])) return at;
    }
  }
  while (at < size && !is_space(base[at])) ++at;
  return at;
}

// Returns a word with the high bit set for each of the eight bytes that is not a digit.
inline std::uint64_t non_digits8(std::uint64_t word) {
  const std::uint64_t value = word ^ 0x3030303030303030;  // 0 to 9 for digits, else more
  return (((value & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676) | value) & 0x8080808080808080;
}

// Returns true if all eight bytes are digits.
inline bool are_digits8(std::uint64_t word) { return non_digits8(word) == 0; }

// Returns the position of the first byte at or after `from` that is not a digit, or the text's size
// if there is none.
inline std::size_t find_non_digit(std::string_view text, std::size_t from) {
  std::size_t at = from;
  if constexpr (std::endian::native == std::endian::little) {
    while (at + 8 <= text.size()) {
      const std::uint64_t stops = non_digits8(load8(text.data() + at));
      if (stops != 0) return at + static_cast<std::size_t>(std::countr_zero(stops)) / 8;
      at += 8;
    }
  }
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// Returns the value of eight digits, with the first digit first, on a little-endian machine. It
// combines pairs, then fours, then all eight (D. Lemire, "Quickly parsing eight digits", 2018).
inline std::uint32_t value_of_digits8(std::uint64_t word) {
  word = (word & 0x0f0f0f0f0f0f0f0f) * 2561 >> 8;
  word = (word & 0x00ff00ff00ff00ff) * 6553601 >> 16;
  return static_cast<std::uint32_t>((word & 0x0000ffff0000ffff) * 42949672960001 >> 32);
}

inline constexpr bool kCanScanDigits8 = std::endian::native == std::endian::little;

}  // namespace herd
