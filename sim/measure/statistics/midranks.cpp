#include "sim/measure/statistics/midranks.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace sim {

std::vector<std::uint32_t> doubled_midranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<std::uint32_t> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    // The ranks first + 1 to end have the mean (first + 1 + end) / 2.
    for (std::size_t i = first; i < end; ++i) {
      ranks[order[i]] = static_cast<std::uint32_t>(first + 1 + end);
    }
    first = end;
  }
  return ranks;
}

}  // namespace sim
