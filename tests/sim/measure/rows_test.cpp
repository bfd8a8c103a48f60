#include "sim/measure/metrics/rows.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace sim {
namespace {

// Rows much narrower and much wider than a block keep their addresses and values.
TEST(Rows, KeepWhatIsInThem) {
  for (const std::size_t width : {1U, 3U, 1000U, 16384U, 16385U, 50000U}) {
    Rows<std::uint32_t> rows(width, 7);
    std::vector<std::uint32_t*> places;
    const std::uint32_t count = width == 1 ? 40'000 : 50;
    for (std::uint32_t i = 0; i < count; ++i) {
      ASSERT_EQ(rows.add(), i);
      places.push_back(rows[i]);
      ASSERT_EQ(rows[i][0], 7U);
      ASSERT_EQ(rows[i][width - 1], 7U);
      for (std::size_t k = 0; k < width; ++k) rows[i][k] = i;
    }
    ASSERT_EQ(rows.size(), count);
    for (std::uint32_t i = 0; i < count; ++i) {
      ASSERT_EQ(rows[i], places[i]) << "row " << i << " of width " << width << " has moved";
      ASSERT_EQ(rows[i][0], i);
      ASSERT_EQ(rows[i][width - 1], i);
    }
  }
}

}  // namespace
}  // namespace sim
