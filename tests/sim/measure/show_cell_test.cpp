#include "sim/measure/results/show_cell.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sim {
namespace {

TEST(ShowCell, RoundsAndNamesTheUnit) {
  struct Row {
    Cell cell;
    ColumnKind kind;
    std::string_view shown;
  };
  const Row rows[] = {
      {std::int64_t{1234567}, ColumnKind::kCount, "1,234,567"},
      {std::int64_t{0}, ColumnKind::kYesNo, "no"},
      {std::int64_t{1}, ColumnKind::kYesNo, "yes"},
      {1.5, ColumnKind::kRatio, "1.50"},
      {99.5, ColumnKind::kRate, "99.50"},
      {0.25, ColumnKind::kSeconds, "0.25 s"},
      {12.34, ColumnKind::kMib, "12.3 MiB"},
      {Latency{Duration(45'678'000)}, ColumnKind::kMicros, "45.7 ms"},
      {std::string("a\x1b"), ColumnKind::kText, "a\\x1b"},
      {Cell(), ColumnKind::kCount, "–"},
  };
  for (const auto& [cell, kind, shown] : rows) EXPECT_EQ(show_cell(cell, kind), shown);
}

TEST(ParseCell, ReadsWhatTheSummaryHas) {
  struct Row {
    std::string_view text;
    ColumnKind kind;
    std::string_view shown;
  };
  constexpr Row kRows[] = {
      {"1234567", ColumnKind::kCount, "1,234,567"},
      {"1", ColumnKind::kYesNo, "yes"},
      {"1.5", ColumnKind::kRatio, "1.50"},
      {"45678.000", ColumnKind::kMicros, "45.7 ms"},
      {"0.25", ColumnKind::kSeconds, "0.25 s"},
      {"flood", ColumnKind::kText, "flood"},
      {"", ColumnKind::kText, "–"},
      {"", ColumnKind::kCount, "–"},
      {"", ColumnKind::kMicros, "–"},
      {"", ColumnKind::kRatio, "–"},
      {"1x", ColumnKind::kCount, "–"},
      {"1.5", ColumnKind::kCount, "–"},
  };
  for (const auto& [text, kind, shown] : kRows) {
    EXPECT_EQ(show_cell(parse_cell(text, kind), kind), shown) << text;
  }
}

TEST(ParseCell, KeepsNanoseconds) {
  const Cell cell = parse_cell("123456789.012", ColumnKind::kMicros);
  EXPECT_EQ(std::get<Latency>(cell).value, Duration(123456789012));
}

}  // namespace
}  // namespace sim
