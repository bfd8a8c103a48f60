// A 64-bit digest of a sequence of numbers. Different sequences almost always have different
// digests. The digest is the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sim {

class Digest {
 public:
  void add(std::uint64_t number) {
    value_ = (value_ ^ number) * 0x9e3779b97f4a7c15;
    value_ ^= value_ >> 32;
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0x6a09e667f3bcc908;  // the fraction of the square root of 2
};

// Returns a 32-bit digest of a text, eight bytes at a time. It is not for tables whose keys
// strangers choose: they could choose texts with the same digest.
inline std::uint32_t text_digest(std::string_view text) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
  std::uint64_t hash = text.size() * kOdd;
  for (std::size_t at = 0; at < text.size(); at += 8) {
    std::uint64_t word = 0;
    if (at + 8 <= text.size()) {
      std::memcpy(&word, text.data() + at, 8);
    } else {
      std::memcpy(&word, text.data() + at, text.size() - at);
    }
    hash = (hash ^ word) * kOdd;
    hash ^= hash >> 32;
  }
  return static_cast<std::uint32_t>(hash);
}

}  // namespace sim
