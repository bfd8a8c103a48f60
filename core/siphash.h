// SipHash: a keyed 64-bit hash that is the same on every machine (J.-P. Aumasson and D. J.
// Bernstein, "SipHash: a fast short-input PRF", 2012).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace herd {

// The 16 bytes of a key, read as two little-endian numbers.
struct SipKey {
  std::uint64_t first = 0, second = 0;
};

namespace siphash_detail {

inline std::uint64_t byte_at(const char* at, int index) {
  return std::uint64_t{static_cast<unsigned char>(at[index])} << (8 * index);
}

// Returns eight bytes as a little-endian number on any machine. Compilers turn this into one load.
inline std::uint64_t load_word(const char* at) {
  return byte_at(at, 0) | byte_at(at, 1) | byte_at(at, 2) | byte_at(at, 3) | byte_at(at, 4) |
         byte_at(at, 5) | byte_at(at, 6) | byte_at(at, 7);
}

struct State {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  template <int kRounds>
  void rounds() {
    for (int i = 0; i < kRounds; ++i) round();
  }
  template <int kRounds>
  void absorb(std::uint64_t word) {
    v3 ^= word;
    rounds<kRounds>();
    v0 ^= word;
  }
};

// Returns what is behind the last complete word, in the low bytes.
inline std::uint64_t rest_of(std::string_view bytes) {
  const std::size_t rest = bytes.size() % 8;
  if (rest == 0) return 0;
  const char* const end = bytes.data() + bytes.size();
  // The last word of a longer text has the rest in its high bytes.
  if (bytes.size() >= 8) return load_word(end - 8) >> (64 - 8 * rest);
  std::uint64_t word = 0;
  for (int i = 0; i < static_cast<int>(rest); ++i) word |= byte_at(bytes.data(), i);
  return word;
}

template <int kWordRounds, int kLastRounds>
std::uint64_t siphash(SipKey key, std::string_view bytes) {
  State state{key.first ^ 0x736f6d6570736575, key.second ^ 0x646f72616e646f6d,
              key.first ^ 0x6c7967656e657261, key.second ^ 0x7465646279746573};
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    state.absorb<kWordRounds>(load_word(bytes.data() + at));
  }
  state.absorb<kWordRounds>(std::uint64_t{bytes.size()} << 56 | rest_of(bytes));
  state.v2 ^= 0xff;
  state.rounds<kLastRounds>();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace siphash_detail

// SipHash-2-4, for fingerprints that go over the wire.
inline std::uint64_t siphash24(SipKey key, std::string_view bytes) {
  return siphash_detail::siphash<2, 4>(key, bytes);
}

// SipHash-1-3, which has fewer rounds, for tables in memory: whoever chooses the texts but does not
// know the key cannot make them fall on one place.
inline std::uint64_t siphash13(SipKey key, std::string_view bytes) {
  return siphash_detail::siphash<1, 3>(key, bytes);
}

}  // namespace herd
