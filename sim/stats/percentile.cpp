#include "sim/stats/percentile.h"

#include <algorithm>
#include <cassert>

namespace sim {

std::optional<herd::Duration> percentile(std::span<herd::Duration> values, std::uint32_t part,
                                         std::uint32_t whole) {
  assert(whole > 0 && part <= whole);
  if (values.empty()) return std::nullopt;
  const std::uint64_t product = std::uint64_t{values.size()} * part;
  const std::uint64_t rank = std::max<std::uint64_t>((product + whole - 1) / whole, 1);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace sim
