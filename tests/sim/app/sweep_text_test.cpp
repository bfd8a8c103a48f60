#include "sim/app/sweep/sweep_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "sim/app/compare/gate.h"
#include "sim/app/sweep/sweep_json.h"
#include "sim/base/text/utf8.h"
#include "sim/measure/results/text_columns.h"
#include "tests/sim/app/sweep_support.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

using test::not_run;
using test::pretend_run;
using test::sweep_of;
using test::sweep_text;
using test::TempFolder;
using testing::HasSubstr;
using testing::Not;

SweepResults run_all(const Sweep& sweep) {
  SweepResults results = not_run(sweep);
  SweepOptions options;
  options.run = pretend_run;
  const TempFolder temp;
  run_points(sweep, options, temp.path(), results);
  return results;
}

TEST(SweepText, HasARowForEachCombinationAndHerd) {
  const Sweep sweep = sweep_of(sweep_text(
      R"({"herds.*.servers": [5, 25], "seed": {"count": 3}})",
      R"("expect": [{"herd": "a", "metric": "messages", "max": 320}, {"herd": "*", "metric": "echoes", "equals": 4000}],)"));
  EXPECT_EQ(sweep_table(sweep, run_all(sweep), "results/t"),
            R"(t  6 points, medians over 3 seeds

herds.*.servers  herd  msgs/upd  redund  cover p50  prop p99  undelivered  conv  reply p99
              5  a        10.00    1.50     500 ms   1.23 ms            0   yes     400 µs
              5  b        10.00    1.50     500 ms   1.23 ms            0   yes     400 µs
             25  a        10.00    1.50     500 ms   1.23 ms            0   yes     400 µs
             25  b        10.00    1.50     500 ms   1.23 ms            0   yes     400 µs

expectations  17 of 18 held
  FAILED point 6 (herds.*.servers = 25, seed = 3) a: messages is 325, should be at most 320
files         results/t: sweep.csv has the spreads, summary.csv every point
)");
}

TEST(SweepText, HasAsManyFiguresAsFitOnTheScreen) {
  const Sweep sweep = sweep_of(sweep_text(R"({"seed": {"count": 2}})"));
  const std::string text = sweep_table(sweep, run_all(sweep), "results/t", Screen{40});
  EXPECT_THAT(text, HasSubstr("\nherd  msgs/upd  redund  cover p50\n"));
  EXPECT_THAT(text, Not(HasSubstr("cover max")));
}

TEST(SweepText, SaysWhatIsMissing) {
  const Sweep sweep = sweep_of(sweep_text(R"({"seed": {"count": 5}})"));
  SweepResults results = run_all(sweep);
  results.points[1] = {};
  for (const std::size_t p : {std::size_t{2}, std::size_t{3}}) {
    results.points[p] = {};
    results.points[p].status = PointStatus::kFailed;
    results.points[p].why = "a port\nis taken";
  }
  const std::string text = sweep_table(sweep, results, "results/t");
  EXPECT_THAT(text, HasSubstr("INCOMPLETE: 1 point not run yet (--resume runs the rest)\n"));
  EXPECT_THAT(text, HasSubstr("INCOMPLETE: 2 points could not be carried out (--resume tries "
                              "again)\n"));
  EXPECT_THAT(text, Not(HasSubstr("expectations")));
  EXPECT_EQ(sweep_failures(sweep, results),
            "t: point 3 (seed = 3) and 1 more point: not carried out: a port\\x0ais taken\n");
  results.points[3].why = "no memory";
  EXPECT_EQ(sweep_failures(sweep, results),
            "t: point 3 (seed = 3): not carried out: a port\\x0ais taken\n"
            "t: point 4 (seed = 4): not carried out: no memory\n");
  EXPECT_EQ(sweep_failures(sweep, run_all(sweep)), "");
}

TEST(SweepText, WithNothingFinishedThereIsNoTable) {
  const Sweep sweep = sweep_of(sweep_text(R"({"drain": ["1s", "2s"]})"));
  EXPECT_EQ(sweep_table(sweep, not_run(sweep), "results/t"),
            "t  2 points\n"
            "INCOMPLETE: 2 points not run yet (--resume runs the rest)\n"
            "\n"
            "files         results/t: sweep.csv has the spreads, summary.csv every point\n");
}

TEST(SweepText, StaysWithinItsWidthAndALength) {
  const Sweep sweep = sweep_of(sweep_text(
      R"({"herds.*.link_overrides": [[{"link": ["S1", "S2"], "latency": "100ms", "loss": 0.25}], []],
          "clients.0.updates": ["1/s", {"rate": "10/s", "arrivals": "poisson"}],
          "herds.*.servers": [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]})"));
  const std::string text = sweep_table(sweep, run_all(sweep), "results/t");
  EXPECT_THAT(text, HasSubstr("\n… and 84 more rows in sweep.csv\n"));
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    EXPECT_LE(display_width(line), kTableWidth) << line;
  }
}

TEST(SweepText, ShowsEveryChosenMetricInAsManyTablesAsTheyNeed) {
  const Sweep sweep = sweep_of(sweep_text(R"({"herds.*.servers": [5, 6]})"));
  const std::vector<std::size_t> metrics = all_metrics();
  const std::string text = sweep_table(sweep, run_all(sweep), "results/t", {}, metrics);
  std::size_t heads = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    EXPECT_LE(display_width(line), kTableWidth) << line;
    heads += line.starts_with("herds.*.servers") ? 1 : 0;
  }
  EXPECT_GT(heads, 3U);
  EXPECT_THAT(text, HasSubstr(" redundancy_last_quarter"));
  const std::vector<std::size_t> one = {column("lost")};
  EXPECT_THAT(sweep_table(sweep, run_all(sweep), "results/t", {}, one), Not(HasSubstr("msgs/upd")));
}

TEST(SweepText, ProgressIsALine) {
  EXPECT_EQ(sweep_progress_line({3, 0, 40}), "3 of 40 points");
  EXPECT_EQ(sweep_progress_line({40, 2, 40}), "40 of 40 points, 2 failed");
}

TEST(SweepJson, SaysWhatWasSweptAndWhatBecameOfIt) {
  const Sweep sweep = sweep_of(
      sweep_text(R"({"herds.0.links": ["ring", {"regular": 2}], "seed": [1, 4]})",
                 R"("seed": 9, "expect": [{"herd": "a", "metric": "messages", "max": 200}],)"));
  SweepResults results = run_all(sweep);
  results.points[2] = {};
  results.points[3] = {};
  results.points[3].status = PointStatus::kFailed;
  results.points[3].why = "a \"port\"";
  const std::string text = format_sweep_json(sweep, results, Machine());
  const OwnedJson json = parse_json(text, JSON_REJECT_DUPLICATES);
  ASSERT_NE(json, nullptr);
  const auto member = [&](const char* key) {
    char* const dumped =
        json_dumps(json_object_get(json.get(), key), JSON_COMPACT | JSON_ENCODE_ANY);
    std::string out = dumped == nullptr ? "" : dumped;
    std::free(dumped);
    return out;
  };
  EXPECT_EQ(member("name"), R"("t")");
  EXPECT_EQ(member("complete"), "false");
  EXPECT_EQ(member("dry_run"), "false");
  EXPECT_EQ(member("seed"), "9");
  EXPECT_EQ(member("clock"), R"("virtual")");
  EXPECT_EQ(member("version"), "\"" HERDSIM_VERSION "\"");
  EXPECT_EQ(member("start"), R"("2024-05-01T12:00:00Z")");
  EXPECT_EQ(member("files"), R"(["summary.csv","sweep.csv"])");
  EXPECT_EQ(member("sweep"), R"([{"key":"herds.0.links","column":"herds_0_links",)"
                             R"("values":["ring",{"regular":2}]},)"
                             R"({"key":"seed","column":"seed","values":[1,4]}])");
  EXPECT_EQ(
      member("points"),
      R"([{"point":1,"values":{"herds.0.links":"ring","seed":1},"status":"held","folder":"points/0001"},)"
      R"({"point":2,"values":{"herds.0.links":"ring","seed":4},"status":"not held","folder":"points/0002"},)"
      R"({"point":3,"values":{"herds.0.links":{"regular":2},"seed":1},"status":"not run"},)"
      R"({"point":4,"values":{"herds.0.links":{"regular":2},"seed":4},"status":"failed","why":"a \"port\""}])");
  EXPECT_EQ(member("expectations"),
            R"([{"point":1,"herd":"a","metric":"messages","max":200,"figure":105,"held":true},)"
            R"({"point":2,"herd":"a","metric":"messages","max":200,"figure":405,"held":false}])");
  EXPECT_THAT(member("scenario"), HasSubstr(R"("sweep":{"herds.0.links")"));
}

}  // namespace
}  // namespace sim
