#include "sim/measure/metrics/packed_columns.h"

#include <algorithm>
#include <bit>

namespace sim {

PackedColumns::PackedColumns(std::span<const std::uint64_t> cells, std::size_t rows) {
  const std::size_t columns = cells.size() / rows;
  const std::size_t head = 2 * columns;
  std::uint64_t bits = 0;
  for (std::size_t c = 0; c < columns; ++c) {
    const auto column = cells.subspan(c * rows, rows);
    const auto [least, greatest] = std::minmax_element(column.begin(), column.end());
    bits += rows * static_cast<std::uint64_t>(std::bit_width(*greatest - *least));
  }
  words_.resize(head + bits / 64 + 2);
  std::uint64_t bit = 64 * head;
  for (std::size_t c = 0; c < columns; ++c) {
    const auto column = cells.subspan(c * rows, rows);
    const auto [least, greatest] = std::minmax_element(column.begin(), column.end());
    const auto width = static_cast<std::uint64_t>(std::bit_width(*greatest - *least));
    words_[2 * c] = *least;
    words_[2 * c + 1] = bit << 8 | width;
    if (width == 0) continue;
    for (const std::uint64_t value : column) {
      const std::uint64_t difference = value - *least;
      const auto shift = static_cast<unsigned>(bit % 64);
      words_[bit / 64] |= difference << shift;
      words_[bit / 64 + 1] |= difference >> 1 >> (63 - shift);
      bit += width;
    }
  }
}

}  // namespace sim
