// A fixed set of names, such as those of a herd's servers. Look-ups are fast, because every AT line
// of a link needs one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace herd {

class NameSet {
 public:
  explicit NameSet(std::vector<std::string> names);

  bool contains(std::string_view name) const {
    if (slots_.empty()) return false;
    for (std::size_t at = hash_of(name) & (slots_.size() - 1); slots_[at] != kFree;
         at = (at + 1) & (slots_.size() - 1)) {
      if (names_[slots_[at]] == name) return true;
    }
    return false;
  }

 private:
  static constexpr std::uint32_t kFree = 0xffff'ffff;

  // Multiplies and folds, eight bytes at a time. It needs no key, because clients do not choose
  // the names of the set.
  static std::size_t hash_of(std::string_view name) {
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    std::uint64_t hash = name.size() * kOdd;
    for (std::size_t at = 0; at + 8 < name.size(); at += 8) {
      hash = (hash ^ load<std::uint64_t>(name.data() + at)) * kOdd;
      hash ^= hash >> 32;
    }
    hash = (hash ^ last_of(name)) * kOdd;
    return static_cast<std::size_t>(hash ^ hash >> 32);
  }
  // Returns a word of the last eight bytes, or of all bytes of a shorter name; some may be in it
  // twice.
  static std::uint64_t last_of(std::string_view name) {
    const char* const end = name.data() + name.size();
    if (name.size() >= 8) return load<std::uint64_t>(end - 8);
    if (name.size() >= 4) {
      return load<std::uint32_t>(name.data()) | std::uint64_t{load<std::uint32_t>(end - 4)} << 32;
    }
    std::uint64_t word = 0;
    for (const char c : name) word = word << 8 | static_cast<unsigned char>(c);
    return word;
  }
  template <class Word>
  static Word load(const char* at) {
    Word word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
  }

  std::vector<std::string> names_;
  // Open addressing with linear probing: indexes into names_. The size is a power of two, and at
  // most half is taken.
  std::vector<std::uint32_t> slots_;
};

}  // namespace herd
