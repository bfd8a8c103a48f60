#include "sim/base/text/trimmed.h"

#include <gtest/gtest.h>

namespace sim {
namespace {

TEST(Trimmed, LeavesOutWhatSurroundsAText) {
  EXPECT_EQ(trimmed(" \ta b\r\n"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed(" \n "), "");
  EXPECT_EQ(trimmed(" \ta ", " "), "\ta");
}

}  // namespace
}  // namespace sim
