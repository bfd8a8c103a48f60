// A 64-bit digest of a sequence of numbers. Different sequences almost always have different
// digests. The digest is the same on every machine.
#pragma once

#include <cstdint>

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

}  // namespace sim
