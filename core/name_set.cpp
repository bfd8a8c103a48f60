#include "core/name_set.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace herd {

NameSet::NameSet(std::vector<std::string> names) : names_(std::move(names)) {
  if (names_.empty()) return;
  slots_.assign(std::bit_ceil(2 * names_.size()), kFree);
  for (std::uint32_t i = 0; i < names_.size(); ++i) {
    std::size_t at = hash_of(names_[i]) & (slots_.size() - 1);
    while (slots_[at] != kFree) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = i;
  }
}

// Multiplies and folds, eight bytes at a time.
std::size_t NameSet::hash_of(std::string_view name) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
  std::uint64_t hash = name.size() * kOdd;
  for (std::size_t at = 0; at < name.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, name.data() + at, std::min<std::size_t>(8, name.size() - at));
    hash = (hash ^ word) * kOdd;
    hash ^= hash >> 32;
  }
  return static_cast<std::size_t>(hash);
}

}  // namespace herd
