#include "sim/measure/figures/percentile.h"

#include <algorithm>
#include <cassert>

namespace sim {

std::uint64_t nearest_rank(std::uint64_t count, std::uint32_t part, std::uint32_t whole) {
  assert(whole > 0 && part <= whole && count > 0);
  return std::max<std::uint64_t>((count * part + whole - 1) / whole, 1);
}

namespace {

template <class Value>
std::optional<Value> percentile_of(std::span<Value> values, std::uint32_t part,
                                   std::uint32_t whole) {
  if (values.empty()) return std::nullopt;
  const std::uint64_t rank = nearest_rank(values.size(), part, whole);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

std::optional<herd::Duration> percentile(std::span<herd::Duration> values, std::uint32_t part,
                                         std::uint32_t whole) {
  return percentile_of(values, part, whole);
}

std::optional<std::uint32_t> percentile(std::span<std::uint32_t> values, std::uint32_t part,
                                        std::uint32_t whole) {
  return percentile_of(values, part, whole);
}

}  // namespace sim
