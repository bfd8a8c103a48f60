#include "sim/base/text/duration_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace sim {
namespace {

TEST(LongDurationText, HasTheUnitThatFits) {
  constexpr herd::PosixNs kSecond = 1'000'000'000;
  EXPECT_EQ(long_duration_text(0, 0), "0.0 s");
  EXPECT_EQ(long_duration_text(59 * kSecond, 0), "59.0 s");
  EXPECT_EQ(long_duration_text(150 * kSecond, 60 * kSecond), "1.5 minutes");
  EXPECT_EQ(long_duration_text(9000 * kSecond, 0), "2.5 hours");
  EXPECT_EQ(long_duration_text(3 * 86'400 * kSecond, 0), "3.0 days");
  EXPECT_EQ(long_duration_text(31'557'600 * kSecond, 0), "1.0 years");
  EXPECT_EQ(long_duration_text(std::numeric_limits<herd::PosixNs>::max(),
                               std::numeric_limits<herd::PosixNs>::min()),
            "584.5 years");
}

}  // namespace
}  // namespace sim
