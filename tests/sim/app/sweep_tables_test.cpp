#include "sim/app/sweep/sweep_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/app/compare/gate.h"
#include "sim/script/spec/summary_columns.h"
#include "tests/sim/app/sweep_support.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

using test::CsvRows;
using test::not_run;
using test::read_csv;
using test::read_file;
using test::sweep_of;
using test::sweep_text;
using test::TempFolder;
using testing::ElementsAre;

// Makes the point a finished one, of one herd with this cell for duplicates.
void finish(PointResult& point, const std::string& herd, const std::string& duplicates) {
  point.status = PointStatus::kHeld;
  std::vector<std::string>& row = point.rows.emplace_back(kSummaryColumns.size());
  row[column("herd")] = herd;
  row[column("duplicates")] = duplicates;
  row[column("scenario")] = "a,b";
}

std::vector<std::string> lines_with(const CsvRows& rows, const std::string& cell) {
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    if (std::find(row.begin(), row.end(), cell) == row.end()) continue;
    std::string line;
    for (const std::string& each : row) line += each + ' ';
    lines.push_back(line);
  }
  return lines;
}

TEST(SweepTables, TheSummaryHasThePointAndItsValuesBeforeARunsColumns) {
  const Sweep sweep = sweep_of(sweep_text(
      R"({"seed": [3, 4], "herds.0.link": [{}, {"latency": "1ms"}], "herds.*.servers": [5]})"));
  SweepResults results = not_run(sweep);
  finish(results.points[3], "a", "12");
  finish(results.points[3], "b", "13");
  finish(results.points[1], "a", "");
  results.points[0].status = PointStatus::kFailed;
  const TempFolder temp;
  ASSERT_FALSE(write_sweep_summary(sweep, results, temp.path() / "s.csv"));
  const CsvRows rows = read_csv(read_file(temp.path() / "s.csv"));
  ASSERT_EQ(rows.size(), 4);
  ASSERT_EQ(rows[0].size(), 3 + kSummaryColumns.size());
  EXPECT_EQ(std::vector(rows[0].begin(), rows[0].begin() + 4),
            (std::vector<std::string>{"point", "herds_0_link", "herds_servers", "scenario"}));
  EXPECT_EQ(rows[0].back(), kSummaryColumns.back().name);
  const std::size_t duplicates = 3 + column("duplicates");
  const auto told = [&](std::size_t i) {
    return std::vector<std::string>{rows[i][0], rows[i][1], rows[i][2], rows[i][3],
                                    rows[i][duplicates]};
  };
  EXPECT_THAT(told(1), ElementsAre("2", "{}", "5", "a,b", ""));
  EXPECT_THAT(told(2), ElementsAre("4", R"({"latency":"1ms"})", "5", "a,b", "12"));
  EXPECT_THAT(told(3), ElementsAre("4", R"({"latency":"1ms"})", "5", "a,b", "13"));
}

TEST(SweepTables, SpreadsAreNearestRankOverTheKnownFiguresOfASeed) {
  const Sweep sweep = sweep_of(
      sweep_text(R"({"herds.0.propagation": ["flood", "flood-echo"], "seed": {"count": 7}})"));
  SweepResults results = not_run(sweep);
  const char* const duplicates[] = {"9", "10.5", "100", "", "2", "9.25", "11"};
  for (std::size_t i = 0; i < 7; ++i) finish(results.points[i], "a", duplicates[i]);
  for (std::size_t i = 7; i < 9; ++i) finish(results.points[i], "b", "1000.000");
  finish(results.points[8], "c", "");
  const TempFolder temp;
  ASSERT_FALSE(write_sweep_spreads(sweep, results, temp.path() / "s.csv", all_metrics()));
  const CsvRows rows = read_csv(read_file(temp.path() / "s.csv"));
  EXPECT_THAT(rows[0], ElementsAre("herds_0_propagation", "herd", "metric", "runs", "median", "min",
                                   "max", "q1", "q3"));
  // In order: 2, 9, 9.25, 10.5, 11, 100.
  EXPECT_THAT(lines_with(rows, "duplicates"),
              ElementsAre("flood a duplicates 6 9.25 2 100 9 11 ",
                          "flood-echo b duplicates 2 1000.000 1000.000 1000.000 1000.000 1000.000 ",
                          "flood-echo c duplicates 0      "));
  // Three rows per numeric column except the seed, for each combination and herd.
  const auto numeric = std::count_if(kSummaryColumns.begin(), kSummaryColumns.end(),
                                     [](const SummaryColumn& c) { return c.numeric(); });
  EXPECT_EQ(rows.size(), 1 + 3 * static_cast<std::size_t>(numeric - 1));
  EXPECT_THAT(lines_with(rows, "seed"), ElementsAre());
  EXPECT_THAT(lines_with(rows, "scenario"), ElementsAre());
}

TEST(SweepTables, HasTheChosenMetricsOnly) {
  const Sweep sweep = sweep_of(sweep_text(R"({"seed": [1]})"));
  SweepResults results = not_run(sweep);
  finish(results.points[0], "a", "7");
  const TempFolder temp;
  const std::vector<std::size_t> metrics = {column("lost"), column("duplicates")};
  ASSERT_FALSE(write_sweep_spreads(sweep, results, temp.path() / "s.csv", metrics));
  const CsvRows rows = read_csv(read_file(temp.path() / "s.csv"));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1][1], "lost");
  EXPECT_THAT(rows[2], ElementsAre("a", "duplicates", "1", "7", "7", "7", "7", "7"));
}

TEST(SweepTables, WithoutASeedEachPointIsASpreadOfOne) {
  const Sweep sweep = sweep_of(sweep_text(R"({"herds.*.servers": [5, 6]})"));
  SweepResults results = not_run(sweep);
  finish(results.points[1], "a", "7");
  const Spread spread = spread_of(sweep, results, 1, "a", column("duplicates"));
  EXPECT_EQ(spread.runs, 1);
  for (const auto cell : {spread.median, spread.min, spread.max, spread.q1, spread.q3}) {
    EXPECT_EQ(cell, "7");
  }
  EXPECT_EQ(spread_of(sweep, results, 0, "a", column("duplicates")).runs, 0);
  EXPECT_THAT(herds_of(sweep, results, 0), ElementsAre());
  EXPECT_THAT(herds_of(sweep, results, 1), ElementsAre("a"));
}

TEST(SweepTables, WhatCannotBeWrittenIsAnError) {
  const Sweep sweep = sweep_of(sweep_text(R"({"seed": [1]})"));
  const SweepResults results = not_run(sweep);
  EXPECT_TRUE(write_sweep_summary(sweep, results, "/dev/full"));
  EXPECT_TRUE(write_sweep_spreads(sweep, results, "/dev/full", all_metrics()));
}

}  // namespace
}  // namespace sim
