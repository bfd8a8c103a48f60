// SipHash: a keyed 64-bit hash that is the same on every machine (J.-P. Aumasson and D. J.
// Bernstein, "SipHash: a fast short-input PRF", 2012).
#pragma once

#include <cstdint>
#include <string_view>

namespace herd {

// The 16 bytes of a key, read as two little-endian numbers.
struct SipKey {
  std::uint64_t first = 0, second = 0;
};

// SipHash-2-4, for fingerprints that go over the wire.
std::uint64_t siphash24(SipKey key, std::string_view bytes);
// SipHash-1-3, which has fewer rounds, for tables in memory: without the key nobody can choose
// texts that fall on one place.
std::uint64_t siphash13(SipKey key, std::string_view bytes);

}  // namespace herd
