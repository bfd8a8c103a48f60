#include "sim/base/text/numbers.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sim {
namespace {

using herd::Duration;

std::string micros_text(Duration value) {
  std::string out;
  append_micros(out, value);
  return out;
}

TEST(Numbers, MicrosAreExact) {
  struct Row {
    std::int64_t ns;
    std::string_view want;
  };
  constexpr Row kRows[] = {
      {0, "0.000"},
      {1, "0.001"},
      {999, "0.999"},
      {1000, "1.000"},
      {1500, "1.500"},
      {123456789012, "123456789.012"},
      {-1, "-0.001"},
      {-1000, "-1.000"},
      {-1001, "-1.001"},
      {std::numeric_limits<std::int64_t>::max(), "9223372036854775.807"},
      {std::numeric_limits<std::int64_t>::min(), "-9223372036854775.808"},
  };
  for (const auto& [ns, want] : kRows) EXPECT_EQ(micros_text(Duration(ns)), want);
}

TEST(Numbers, RealsAreShortAndWithoutExponent) {
  struct Row {
    double value;
    std::string_view want;
  };
  constexpr Row kRows[] = {
      {0, "0"},
      {-0.0, "0"},
      {0.1, "0.1"},
      {10, "10"},
      {1.0 / 3, "0.3333333333333333"},
      {-2.5, "-2.5"},
      {1e-7, "0.0000001"},
      {1e15, "1000000000000000"},
      {1e22, "10000000000000000000000"},
      {std::numeric_limits<double>::infinity(), ""},
      {std::numeric_limits<double>::quiet_NaN(), ""},
  };
  for (const auto& [value, want] : kRows) EXPECT_EQ(real_text(value), want);
}

TEST(Numbers, RealsReadBack) {
  std::mt19937_64 random(7);  // NOLINT: the same numbers every time
  std::vector<double> values = {
      std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest(),
      std::numeric_limits<double>::min(), std::numeric_limits<double>::denorm_min()};
  while (values.size() < 20'000) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isfinite(value)) values.push_back(value);
  }
  for (const double value : values) {
    const std::string text = real_text(value);
    ASSERT_EQ(read_real(text), value) << text;
    ASSERT_EQ(text.find_first_of("eE+"), text.npos) << text;
  }
}

TEST(Numbers, RealsAreReadWholeOrNotAtAll) {
  EXPECT_EQ(read_real("1.5"), 1.5);
  EXPECT_EQ(read_real("-2e3"), -2000);
  EXPECT_EQ(read_real("007"), 7);
  for (const char* const wrong :
       {"", " ", "1.5x", " 1", "1 ", "+1", "0x10", "1,5", "inf", "-inf", "nan", "1e400", "e5"}) {
    EXPECT_EQ(read_real(wrong), std::nullopt) << wrong;
  }
}

TEST(Numbers, MicrosAreReadAsTheyAreWritten) {
  EXPECT_EQ(read_micros("1.500"), herd::Duration(1500));
  EXPECT_EQ(read_micros("0.000"), herd::Duration(0));
  for (const char* const wrong : {"", "1", "1.5", "1.5000", ".500", "-1.500", "1.5e0", " 1.500"}) {
    EXPECT_EQ(read_micros(wrong), std::nullopt) << wrong;
  }
}

TEST(Numbers, WholeNumbersAreReadWholeOrNotAtAll) {
  EXPECT_EQ(read_whole<int>("-12"), -12);
  EXPECT_EQ(read_whole<std::uint64_t>("18446744073709551615"),
            std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(read_whole<unsigned char>("fF", 16), 255);
  for (const char* const wrong : {"", "1.0", "1x", " 1", "1 ", "+1", "2147483648", "1e3", "0x1"}) {
    EXPECT_EQ(read_whole<int>(wrong), std::nullopt) << wrong;
  }
  EXPECT_EQ(read_whole<unsigned>("-1"), std::nullopt);
  EXPECT_EQ(read_whole<unsigned char>("100", 16), std::nullopt);
}

}  // namespace
}  // namespace sim
