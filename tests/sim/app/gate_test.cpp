#include "sim/app/compare/gate.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

std::string error_of(const std::string& text) {
  const auto gate = read_gate(text);
  return gate ? "" : gate.error().what;
}

TEST(Gate, PercentAndAmounts) {
  const auto percent = read_gate("reply_p99_us:+5%");
  ASSERT_TRUE(percent.ok());
  EXPECT_EQ(percent->metric, column("reply_p99_us"));
  EXPECT_EQ(percent->most, 5);
  EXPECT_TRUE(percent->is_percent);
  const auto amount = read_gate("violations:+0");
  ASSERT_TRUE(amount.ok());
  EXPECT_EQ(amount->metric, column("violations"));
  EXPECT_EQ(amount->most, 0);
  EXPECT_FALSE(amount->is_percent);
  EXPECT_EQ(read_gate("redundancy:+0.25")->most, 0.25);
}

TEST(Gate, Nonsense) {
  for (const char* const text : {"violations", "violations:", "violations:0", "violations:-5%",
                                 "violations:+", "violations:+x", "violations:+-1",
                                 "violations:+5%%", "violations:+inf", "violations:+nan"}) {
    EXPECT_NE(error_of(text).find("is not METRIC:+N% or METRIC:+N"), std::string::npos) << text;
  }
  EXPECT_EQ(error_of("mesages:+0"), "there is no metric \"mesages\" (did you mean messages?)");
  EXPECT_EQ(error_of("servers:+0"),
            "servers cannot be worse: neither more nor less of it is better");
  EXPECT_EQ(error_of("herd:+0"), "\"herd\" is no figure that can be compared");
  EXPECT_EQ(error_of("seed:+0"), "\"seed\" is no figure that can be compared");
}

TEST(Gate, ListsOfMetrics) {
  const auto metrics = read_metrics("lost,messages,lost");
  ASSERT_TRUE(metrics.ok());
  EXPECT_EQ(*metrics, (std::vector<std::size_t>{column("lost"), column("messages")}));
  EXPECT_FALSE(read_metrics("lost,").ok());
  EXPECT_FALSE(read_metrics("").ok());
}

}  // namespace
}  // namespace sim
