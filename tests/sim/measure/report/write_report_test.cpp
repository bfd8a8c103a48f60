#include "sim/measure/report/write_report.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "sim/measure/report/sections.h"
#include "sim/measure/results/run_files.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

constexpr const char* kHostile = "</script><img onerror=alert(1)>";

class WriteReport : public ::testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) {
    std::ofstream(folder_.path() / file, std::ios::binary) << text;
  }
  void write_run(const std::string& more = "") {
    write("run.json", R"({"name": ")" + std::string(kHostile) +
                          R"(", "complete": true, "dry_run": false, "files": ["summary.csv"])" +
                          more + "}");
    write("summary.csv", "herd,servers,accepted,propagation_p50_us,violations\n" +
                             std::string(kHostile) + ",5,10,,0\n");
  }
  std::unique_ptr<RunFolder> open() {
    auto opened = RunFolder::open(folder_.path());
    EXPECT_TRUE(opened);
    return std::move(*opened);
  }

  test::TempFolder folder_;
};

TEST_F(WriteReport, EscapesEveryName) {
  write_run();
  const auto page = format_report(folder_.path());
  ASSERT_TRUE(page);
  EXPECT_EQ(page->find(kHostile), std::string::npos);
  EXPECT_NE(page->find("&lt;/script&gt;&lt;img onerror=alert(1)&gt;"), std::string::npos);
}

TEST_F(WriteReport, IsTheSameForTheSameFiles) {
  write_run();
  const auto page = format_report(folder_.path());
  ASSERT_TRUE(page);
  ASSERT_FALSE(write_report(folder_.path()));
  EXPECT_EQ(*format_report(folder_.path()), *page) << "the list of files has one more";
}

TEST_F(WriteReport, BecomesOneOfTheRunsFiles) {
  write_run();
  ASSERT_FALSE(write_report(folder_.path()));
  ASSERT_FALSE(write_report(folder_.path()));
  auto files = RunFiles::read(folder_.path());
  ASSERT_TRUE(files);
  EXPECT_TRUE(files->contains(kReportFile));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / kReplacements));
}

TEST_F(WriteReport, NeedsARun) {
  EXPECT_FALSE(format_report(folder_.path()));
  write("run.json", R"({"complete": false, "dry_run": true, "files": ["plan.csv"]})");
  const auto page = format_report(folder_.path());
  ASSERT_FALSE(page);
  EXPECT_NE(page.error().what.find("dry run"), std::string::npos);
}

TEST_F(WriteReport, SaysWhyAFigureIsUnknown) {
  write_run();
  const auto folder = open();
  const std::string html = herds_section(*folder);
  EXPECT_NE(html.find("data-metric=\"accepted\""), std::string::npos);
  EXPECT_NE(html.find("data-value=\"10\">10<"), std::string::npos);
}

TEST_F(WriteReport, LeavesOutLinesIfNoHerdKnowsThem) {
  write_run();
  write("summary.csv", "herd,messages_per_update,lines_per_update\na,10,\nb,6,6\n");
  EXPECT_EQ(herds_section(*open()).find("lines_per_update"), std::string::npos);
  write("summary.csv", "herd,messages_per_update,lines_per_update\na,10,\nb,6,3\n");
  EXPECT_NE(herds_section(*open()).find("its lines are not known"), std::string::npos);
}

TEST_F(WriteReport, ListsFailedExpectationsFirst) {
  write_run(R"(, "expectations": [
      {"herd": "a", "metric": "accepted", "min": 1, "figure": 10, "held": true},
      {"herd": "b", "metric": "propagation_p50_us", "max": 5, "figure": 1500, "held": false}])");
  const std::string html = verdict_section(*open());
  EXPECT_NE(html.find("1 of 2 expectations failed."), std::string::npos);
  EXPECT_LT(html.find("✗ failed"), html.find("✓ held"));
  EXPECT_NE(html.find("data-value=\"1500\">1.50 ms<"), std::string::npos);
  EXPECT_NE(html.find("at most 5.00 µs"), std::string::npos);
}

TEST_F(WriteReport, SaysThatPromisesWereBroken) {
  write("run.json", R"({"complete": true, "files": [], "violations": {"h": ["<b> was wrong"]}})");
  write("summary.csv", "herd,violations\nh,3\n");
  const std::string html = verdict_section(*open());
  EXPECT_NE(html.find("headline bad"), std::string::npos);
  EXPECT_NE(html.find("h: 3 broken promises"), std::string::npos);
  EXPECT_NE(html.find("<li>&lt;b&gt; was wrong</li>"), std::string::npos);
}

TEST_F(WriteReport, SaysWhyAPictureIsMissing) {
  write_run();
  const auto folder = open();
  EXPECT_NE(timeline_section(*folder).find("this folder has no timeline.csv"), std::string::npos);
  EXPECT_NE(queries_section(*folder).find("no client of this scenario sent a query"),
            std::string::npos);
}

}  // namespace
}  // namespace sim
