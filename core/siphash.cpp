#include "core/siphash.h"

#include <bit>
#include <cstddef>

namespace herd {
namespace {

std::uint64_t byte_at(const char* at, int index) {
  return std::uint64_t{static_cast<unsigned char>(at[index])} << (8 * index);
}

// Returns eight bytes as a little-endian number on any machine. Compilers turn this into one load.
std::uint64_t load_word(const char* at) {
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
  void rounds(int count) {
    for (int i = 0; i < count; ++i) round();
  }
};

template <int kWordRounds, int kLastRounds>
std::uint64_t siphash(SipKey key, std::string_view bytes) {
  State state{key.first ^ 0x736f6d6570736575, key.second ^ 0x646f72616e646f6d,
              key.first ^ 0x6c7967656e657261, key.second ^ 0x7465646279746573};
  const auto absorb = [&](std::uint64_t word) {
    state.v3 ^= word;
    state.rounds(kWordRounds);
    state.v0 ^= word;
  };
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) absorb(load_word(bytes.data() + at));
  std::uint64_t last = std::uint64_t{bytes.size()} << 56;
  for (int i = 0; at + static_cast<std::size_t>(i) < bytes.size(); ++i) {
    last |= byte_at(bytes.data() + at, i);
  }
  absorb(last);
  state.v2 ^= 0xff;
  state.rounds(kLastRounds);
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace

std::uint64_t siphash24(SipKey key, std::string_view bytes) { return siphash<2, 4>(key, bytes); }

std::uint64_t siphash13(SipKey key, std::string_view bytes) { return siphash<1, 3>(key, bytes); }

}  // namespace herd
