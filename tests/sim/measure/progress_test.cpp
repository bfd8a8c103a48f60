#include "sim/measure/results/progress.h"

#include <gtest/gtest.h>

#include <limits>

#include "sim/base/text/utf8.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

Progress half_way() { return {15s, 30s, "running", 1'234'567, 56'789.4}; }

TEST(Progress, LineSaysAll) {
  EXPECT_EQ(progress_line(half_way()),
            "15.0 / 30.0 s, running, 1,234,567 updates, 56,789 messages/s");
}

TEST(Progress, BarOnAWideTerminal) {
  EXPECT_EQ(progress_bar(half_way(), 120),
            "[████████████░░░░░░░░░░░░]  50%  15.0 / 30.0 s  running  1,234,567 updates  "
            "56,789 messages/s");
}

TEST(Progress, FitsEveryWidthAndLosesTheLeastImportantFirst) {
  std::size_t last = 0;
  for (std::size_t width = 0; width <= 200; ++width) {
    const std::string line = progress_bar(half_way(), width);
    EXPECT_LE(display_width(line), width) << line;
    EXPECT_EQ(line.find('\n'), line.npos);
    const std::size_t parts = (line.find("50%") != line.npos) + (line.find("30.0 s") != line.npos) +
                              (line.find("running") != line.npos) +
                              (line.find("updates") != line.npos) +
                              (line.find("messages/s") != line.npos);
    EXPECT_GE(parts, last) << "more room shows more: " << line;
    last = parts;
  }
  EXPECT_EQ(last, 5u);
}

TEST(Progress, StaysInBounds) {
  Progress progress = half_way();
  progress.elapsed = 40s;  // the drain continues after the script
  EXPECT_NE(progress_bar(progress, 120).find("100%"), std::string::npos);
  EXPECT_EQ(progress_bar(progress, 120).find("░"), std::string::npos);
  progress.elapsed = -1s;
  EXPECT_NE(progress_bar(progress, 120).find(" 0%"), std::string::npos);
  progress.total = 0s;
  EXPECT_NE(progress_bar(progress, 120).find("100%"), std::string::npos);
}

TEST(Progress, OddFiguresDoNoHarm) {
  Progress progress = half_way();
  progress.phase = "a\nb";
  progress.updates = std::numeric_limits<std::uint64_t>::max();
  for (const double rate : {std::numeric_limits<double>::quiet_NaN(), -5.0}) {
    progress.messages_per_second = rate;
    EXPECT_NE(progress_line(progress).find("a\\x0ab"), std::string::npos);
    EXPECT_NE(progress_line(progress).find(" 0 messages/s"), std::string::npos);
  }
  progress.messages_per_second = std::numeric_limits<double>::max();
  EXPECT_NE(progress_line(progress).find("1,000,000,000,000,000 messages/s"), std::string::npos);
}

TEST(Progress, AnEmptyPhaseLeavesNoGap) {
  Progress progress = half_way();
  progress.phase.clear();
  EXPECT_EQ(progress_line(progress), "15.0 / 30.0 s, 1,234,567 updates, 56,789 messages/s");
}

TEST(Human, Separators) {
  struct Row {
    std::int64_t value;
    std::string_view want;
  };
  constexpr Row kRows[] = {
      {0, "0"},
      {999, "999"},
      {1000, "1,000"},
      {-999, "-999"},
      {-1000, "-1,000"},
      {1234567, "1,234,567"},
      {std::numeric_limits<std::int64_t>::min(), "-9,223,372,036,854,775,808"},
  };
  for (const auto& [value, want] : kRows) EXPECT_EQ(with_separators(value), want);
}

TEST(Human, Durations) {
  struct Row {
    std::int64_t ns;
    std::string_view want;
  };
  constexpr Row kRows[] = {
      {0, "0 µs"},
      {1, "0.00 µs"},
      {420, "0.42 µs"},
      {9'994, "9.99 µs"},
      {9'996, "10.0 µs"},
      {41'240, "41.2 µs"},
      {99'960, "100 µs"},
      {412'000, "412 µs"},
      {999'400, "999 µs"},
      {999'600, "1.00 ms"},
      {12'345'678, "12.3 ms"},
      {999'500'000, "1.00 s"},
      {125'000'000'000, "125 s"},
      {7'200'000'000'000, "7200 s"},
      {-1'500'000, "-1.50 ms"},
  };
  for (const auto& [ns, want] : kRows) EXPECT_EQ(human_duration(herd::Duration(ns)), want);
}

}  // namespace
}  // namespace sim
