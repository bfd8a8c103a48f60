#include "sim/measure/report/page_tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

class PageTables : public ::testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) {
    std::ofstream(folder_.path() / file, std::ios::binary) << text;
  }
  std::unique_ptr<RunFolder> open() {
    write("run.json", R"({"files": []})");
    auto opened = RunFolder::open(folder_.path());
    EXPECT_TRUE(opened);
    return std::move(*opened);
  }

  test::TempFolder folder_;
};

TEST_F(PageTables, HaveNoRowsOfAFileThatIsMissing) {
  EXPECT_TRUE(page_rows(*open(), "messages.csv", {}).empty());
}

TEST_F(PageTables, KeepMessagesOfWholeUpdates) {
  std::string text = "herd,update\n";
  for (int update = 0; update < 20; ++update) {
    for (int message = 0; message < 3; ++message) text += "h," + std::to_string(update) + "\n";
  }
  write("messages.csv", text);
  DrillDownLimits limits;
  limits.messages = 10;
  const auto rows = page_rows(*open(), "messages.csv", limits);
  ASSERT_EQ(rows.size() % 3, 0U);
  EXPECT_LE(rows.size(), 10U);
  EXPECT_GE(rows.size(), 6U);
  for (std::size_t i = 0; i < rows.size(); i += 3) {
    EXPECT_EQ(rows[i] % 3, 0U);
    EXPECT_EQ(rows[i + 2], rows[i] + 2);
  }
}

TEST_F(PageTables, KeepTheWorstUpdates) {
  std::string text = "herd,update,coverage_us\n";
  for (int update = 0; update < 1000; ++update) {
    text += "h," + std::to_string(update) + (update == 777 ? ",9000.000\n" : ",1.000\n");
  }
  write("updates.csv", text);
  DrillDownLimits limits;
  limits.updates = 60;
  const auto rows = page_rows(*open(), "updates.csv", limits);
  EXPECT_LE(rows.size(), 60U);
  EXPECT_NE(std::find(rows.begin(), rows.end(), 777U), rows.end());
}

TEST_F(PageTables, LeaveOutHowTreesChangeAndThatAllLinksCameUp) {
  write("events.csv",
        "at_us,herd,event,detail\n0.000,h,link_proven,A - B\n5.000,h,tree_changed,A\n"
        "6.000,h,link_lost,A - B\n7.000,h,link_proven,A - B\n");
  EXPECT_EQ(page_rows(*open(), "events.csv", {}), (std::vector<std::size_t>{2, 3}));
}

TEST_F(PageTables, HaveOnlyTheBusiestLinksOfAHerdTooLargeToDraw) {
  write("summary.csv", "herd,servers\nbig,501\nsmall,2\n");
  std::string text = "herd,from,to,messages,duplicates\n";
  for (int i = 0; i < 500; ++i) {
    const std::string a = "S" + std::to_string(i), b = "S" + std::to_string(i + 1);
    text += "big," + a + "," + b + "," + std::to_string(i) + ",0\n";
    text += "big," + b + "," + a + ",0,0\n";
  }
  write("links.csv", text + "small,A,B,0,0\nsmall,B,A,0,0\n");
  const auto folder = open();
  const auto rows = page_rows(*folder, "links.csv", {});
  EXPECT_NE(std::find(rows.begin(), rows.end(), 998U), rows.end()) << "the busiest";
  EXPECT_LE(rows.size(), 102U);
  EXPECT_EQ(rows.back(), 1001U) << "all links of the other herd";
  EXPECT_EQ(large_herds(*folder), std::vector<std::string>{"big"});
}

}  // namespace
}  // namespace sim
