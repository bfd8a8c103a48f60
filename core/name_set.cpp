#include "core/name_set.h"

#include <bit>
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

}  // namespace herd
