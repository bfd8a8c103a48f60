// A fixed set of names, such as those of a herd's servers. Look-ups are fast, because every AT line
// of a link needs one.
#pragma once

#include <cstdint>
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

  // Needs no key: whoever asks does not choose the names of the set.
  static std::size_t hash_of(std::string_view name);

  std::vector<std::string> names_;
  // Open addressing with linear probing: indexes into names_. The size is a power of two, and at
  // most half is taken.
  std::vector<std::uint32_t> slots_;
};

}  // namespace herd
