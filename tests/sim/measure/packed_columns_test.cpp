#include "sim/measure/metrics/packed_columns.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace sim {
namespace {

// Columns of every width, among them 0 and all 64 bits, with a smallest value anywhere.
TEST(PackedColumns, KeepWhatIsInThem) {
  std::mt19937_64 random(7);  // NOLINT: the same values every time
  for (const std::size_t rows : {1U, 2U, 63U, 64U, 65U, 256U}) {
    std::vector<std::uint64_t> cells;
    for (unsigned width = 0; width <= 64; ++width) {
      const std::uint64_t mask = width == 0 ? 0 : ~std::uint64_t{0} >> (64 - width);
      const std::uint64_t least = random() & ~mask;
      for (std::size_t row = 0; row < rows; ++row) cells.push_back(least + (random() & mask));
    }
    const PackedColumns packed(cells, rows);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      ASSERT_EQ(packed.at(i / rows, i % rows), cells[i]) << i / rows << " bits, of " << rows;
    }
  }
}

TEST(PackedColumns, TakeTheBitsOfTheDifferences) {
  std::vector<std::uint64_t> cells;
  for (std::uint64_t i = 0; i < 1024; ++i) cells.push_back(1'000'000'000'000 + i);
  for (std::uint64_t i = 0; i < 1024; ++i) cells.push_back(77);
  EXPECT_LE(PackedColumns(cells, 1024).bytes(), 1024 * 10 / 8 + 64U);
}

}  // namespace
}  // namespace sim
