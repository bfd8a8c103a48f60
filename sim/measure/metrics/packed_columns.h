// A table of whole numbers that change no more, in few bytes. Of each column it keeps the smallest
// value and, for each row, only as many bits as the greatest difference from it needs. Each cell
// can be read by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sim {

class PackedColumns {
 public:
  // An empty table.
  PackedColumns() = default;
  // `cells` has the values column by column. Precondition: it has `rows` values for each column,
  // and rows > 0.
  PackedColumns(std::span<const std::uint64_t> cells, std::size_t rows);

  // Returns the size of the table in memory.
  std::size_t bytes() const { return words_.size() * sizeof(std::uint64_t); }
  // Precondition: the table has this column and this row.
  std::uint64_t at(std::size_t column, std::size_t row) const {
    const std::uint64_t least = words_[2 * column];
    const std::uint64_t place = words_[2 * column + 1];
    const auto width = static_cast<unsigned>(place & 0xff);
    if (width == 0) return least;
    const std::uint64_t bit = (place >> 8) + row * width;
    const std::uint64_t* const from = &words_[bit / 64];
    const auto shift = static_cast<unsigned>(bit % 64);
    // The value may begin in one word and end in the next.
    const std::uint64_t bits = from[0] >> shift | from[1] << 1 << (63 - shift);
    return least + (bits & ~std::uint64_t{0} >> (64 - width));
  }

 private:
  // For each column its smallest value, then the place of its first bit and the bits of one value;
  // then the bits of all columns, then one word that is not used.
  std::vector<std::uint64_t> words_;
};

}  // namespace sim
