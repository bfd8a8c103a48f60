#include "sim/measure/statistics/holm.h"

#include <gtest/gtest.h>

#include <vector>

namespace sim {
namespace {

TEST(Holm, KnownAnswers) {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
  const std::vector<double> adjusted = holm_adjusted(std::vector<double>{0.01, 0.04, 0.03, 0.005});
  const std::vector<double> want = {0.03, 0.06, 0.06, 0.02};
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_DOUBLE_EQ(adjusted[i], want[i]) << i;
}

TEST(Holm, AtMostOne) {
  EXPECT_EQ(holm_adjusted(std::vector<double>{0.6, 0.5}), (std::vector<double>{1, 1}));
  EXPECT_EQ(holm_adjusted(std::vector<double>{0.05}), (std::vector<double>{0.05}));
  EXPECT_TRUE(holm_adjusted({}).empty());
}

}  // namespace
}  // namespace sim
