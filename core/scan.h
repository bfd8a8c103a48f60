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

// Returns the position of the first byte that a word's high bits mark, on a little-endian machine.
inline std::size_t first_mark(std::uint64_t marks) {
  return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

// Returns a word that is 0 if no byte is a space or a control character. Else the lowest high bit
// that is set is that of the first such byte.
inline std::uint64_t controls8(std::uint64_t word) {
  return (word - 0x2121212121212121) & ~word & 0x8080808080808080;
}

// Returns the position of the first white space at or after `from`, or the text's size if there is
// none.
inline std::size_t find_space(std::string_view text, std::size_t from) {
  std::size_t at = from;
  if constexpr (std::endian::native == std::endian::little) {
    while (at + 8 <= text.size()) {
      const std::uint64_t stops = controls8(load8(text.data() + at));
      if (stops == 0) {
        at += 8;
        continue;
      }
      at += first_mark(stops);
      if (is_space(text[at])) return at;
      ++at;
    }
  }
  while (at < text.size() && !is_space(text[at])) ++at;
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
      if (stops != 0) return at + first_mark(stops);
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
