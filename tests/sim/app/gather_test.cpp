#include "sim/app/sweep/gather.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/app/sweep/run_sweep.h"
#include "sim/app/sweep/sweep_json.h"
#include "sim/measure/results/run_json.h"
#include "tests/sim/app/sweep_support.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using test::not_run;
using test::pretend_run;
using test::read_file;
using test::run_with;
using test::snapshot;
using test::sweep_of;
using test::sweep_text;
using test::TempFolder;
using test::write_file;
using testing::HasSubstr;

const std::string kKeys = R"({"herds.*.servers": [5, 6], "seed": {"count": 3}})";

Sweep six_points(std::optional<Shard> shard = std::nullopt, const std::string& members = "") {
  return sweep_of(sweep_text(kKeys, members), {}, shard);
}

class Gather : public testing::Test {
 protected:
  // Runs a shard, or all points, and leaves its folder.
  fs::path leave(const std::string& name, const Sweep& sweep) {
    fs::path folder = temp_.path() / name;
    fs::create_directories(folder);
    SweepResults results = not_run(sweep);
    run_points(sweep, run_with(pretend_run), folder, results);
    EXPECT_FALSE(write_sweep_json(sweep, results, folder));
    return folder;
  }

  static std::vector<ShardFolder> opened(const std::vector<fs::path>& folders) {
    std::vector<ShardFolder> shards;
    for (const fs::path& each : folders) shards.push_back({each, read_run_file(each)});
    return shards;
  }

  // Gathers the folders into a new one, and returns the error or "".
  std::string gathered(const std::vector<fs::path>& folders) {
    const auto shards = opened(folders);
    const auto sweep = sweep_of_run(shards.front().run.get(), "t.json");
    if (!sweep) return sweep.error();
    out_ = temp_.path() / ("out" + std::to_string(++count_));
    results_ = SweepResults();
    results_.points.resize(sweep->points());
    const auto error = gather_points(*sweep, shards, out_, results_);
    return error ? error->what : "";
  }

  // Changes a text in a file, as another program or a disk might have.
  static void change(const fs::path& file, const std::string& what, const std::string& instead) {
    std::string text = read_file(file);
    const std::size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what << " in " << text;
    text.replace(at, what.size(), instead);
    fs::remove(file);
    write_file(file, text);
  }

  // Returns the folder of the first point that the shard has.
  static fs::path point_in(const fs::path& shard) {
    std::vector<fs::path> points(fs::directory_iterator(shard / "points"), {});
    return *std::min_element(points.begin(), points.end());
  }

  TempFolder temp_;
  fs::path out_;
  SweepResults results_;
  int count_ = 0;
};

TEST_F(Gather, ShardsInAnyOrderAreTheWhole) {
  const fs::path whole = leave("whole", six_points());
  for (const std::uint64_t of : {1U, 2U, 4U, 9U}) {
    std::vector<fs::path> shards;
    for (std::uint64_t number = of; number > 0; --number) {
      shards.push_back(
          leave(std::to_string(of) + '.' + std::to_string(number), six_points(Shard{number, of})));
    }
    ASSERT_EQ(gathered(shards), "");
    EXPECT_TRUE(results_.complete());
    EXPECT_EQ(results_.start, "2024-05-01T12:00:00Z");
    EXPECT_EQ(snapshot(out_ / "points"), snapshot(whole / "points"));
  }
}

TEST_F(Gather, WhatIsGatheredCanBeGatheredAgain) {
  const fs::path one = leave("one", six_points(Shard{1, 2}));
  const fs::path whole = leave("whole", six_points());
  EXPECT_EQ(gathered({one, whole, one}), "");
  EXPECT_TRUE(results_.complete());
  EXPECT_EQ(snapshot(out_ / "points"), snapshot(whole / "points"));
}

TEST_F(Gather, AMissingShardLeavesItsPoints) {
  EXPECT_EQ(gathered({leave("two", six_points(Shard{2, 3}))}), "");
  EXPECT_EQ(results_.count(PointStatus::kNotRun), 4U);
  EXPECT_EQ(results_.count(PointStatus::kHeld), 2U);
}

TEST_F(Gather, AFailedPointSaysWhy) {
  const Sweep sweep = six_points(Shard{1, 2});
  const fs::path folder = temp_.path() / "failed";
  fs::create_directories(folder);
  SweepResults results = not_run(sweep);
  const auto fails = [](const Scenario&, const RunOptions&) -> herd::Result<RunResults, Error> {
    return Error{"no port is free"};
  };
  run_points(sweep, run_with(fails), folder, results);
  EXPECT_FALSE(write_sweep_json(sweep, results, folder));
  const fs::path whole = leave("whole", six_points());
  EXPECT_EQ(gathered({folder}), "");
  EXPECT_EQ(results_.count(PointStatus::kFailed), 3U);
  EXPECT_EQ(results_.count(PointStatus::kNotRun), 3U);
  // Another shard has it, before or after.
  EXPECT_EQ(gathered({folder, whole}), "");
  EXPECT_TRUE(results_.complete());
  EXPECT_EQ(gathered({whole, folder}), "");
  EXPECT_TRUE(results_.complete());
}

TEST_F(Gather, RefusesAnotherScenarioAndVersion) {
  const fs::path one = leave("one", six_points(Shard{1, 2}));
  const fs::path two = leave("two", six_points(Shard{2, 2}, R"("drain": "3s",)"));
  EXPECT_EQ(gathered({one, two}), two.string() + ": is from another scenario");
  const fs::path three = leave("three", six_points(Shard{2, 2}));
  change(three / "run.json", "\"version\": \"" HERDSIM_VERSION, "\"version\": \"0.0.7");
  EXPECT_EQ(gathered({one, three}), three.string() + ": is from another version (0.0.7)");
  change(three / "run.json", "\"sweep\": [", "\"swept\": [");
  EXPECT_EQ(gathered({one, three}), three.string() + ": is not from a sweep");
}

TEST_F(Gather, RefusesPointsOfAnotherOrigin) {
  const fs::path one = leave("one", six_points(Shard{1, 2}));
  const auto refusal = [&](const std::string& what, const std::string& instead) {
    const fs::path two = leave("two", six_points(Shard{2, 2}));
    change(point_in(two) / "run.json", what, instead);
    const std::string why = gathered({one, two});
    fs::remove_all(two);
    return why;
  };
  const std::string own = R"("architecture": ")" + std::string(own_origin().architecture);
  EXPECT_THAT(refusal(own, R"("architecture": "pdp11)"),
              HasSubstr("is from another architecture (pdp11"));
  EXPECT_THAT(refusal(R"("commit": ")", R"("commit": "not-)"),
              HasSubstr("is from another commit (not-"));
}

TEST_F(Gather, RefusesOtherDataFiles) {
  const auto with_input = [](const std::string& digest) {
    return [digest](const Scenario& scenario, const RunOptions& options) {
      auto run = pretend_run(scenario, options);
      run->inputs = {{"walk.csv", digest}};
      return run;
    };
  };
  std::vector<fs::path> shards;
  for (const std::uint64_t number : {1U, 2U}) {
    const Sweep sweep = six_points(Shard{number, 2});
    shards.push_back(temp_.path() / std::to_string(number));
    fs::create_directories(shards.back());
    SweepResults results = not_run(sweep);
    run_points(sweep, run_with(with_input(number == 1 ? "aa" : "bb")), shards.back(), results);
    EXPECT_TRUE(results.complete());
    EXPECT_FALSE(write_sweep_json(sweep, results, shards.back()));
  }
  EXPECT_THAT(gathered(shards), HasSubstr("was made from another walk.csv, unlike the points"));
  EXPECT_EQ(gathered({shards[0]}), "");
}

TEST_F(Gather, RefusesTwoShardsThatDisagree) {
  const fs::path one = leave("one", six_points(Shard{1, 2}));
  const fs::path other = leave("other", six_points(Shard{1, 2}));
  EXPECT_EQ(gathered({one, other}), "");
  const fs::path point = point_in(other);
  // The machine's figures may differ, the others not.
  change(point / "summary.csv", ",0.5,", ",0.75,");
  EXPECT_EQ(gathered({one, other}), "");
  change(point / "events.csv", "at_us", "at_ms");
  EXPECT_EQ(gathered({one, other}), point.string() + ": has another events.csv than in " +
                                        one.string() + " (leave one of the two out)");
}

TEST_F(Gather, RefusesFilesThatAreCutOff) {
  const auto refusal = [&](const std::string& file, const std::string& text) {
    const fs::path shard = leave("cut", six_points(Shard{1, 2}));
    const fs::path cut = point_in(shard) / file;
    fs::remove(cut);
    if (!text.empty()) write_file(cut, text);
    std::string why = gathered({shard});
    fs::remove_all(shard);
    return why;
  };
  EXPECT_THAT(refusal("links.csv", "herd,fr"),
              HasSubstr("links.csv is cut off or changed: it has 7 bytes, not"));
  EXPECT_THAT(refusal("links.csv", ""), HasSubstr("links.csv is missing"));
  EXPECT_THAT(refusal("summary.csv", "scenario,herd"),
              HasSubstr("summary.csv is cut off or changed"));
  EXPECT_THAT(refusal("run.json", "{\"complete\": true,"),
              HasSubstr("run.json is missing or cut off (run the shard again with --resume)"));
}

TEST_F(Gather, TakesNoFileFromOutside) {
  const fs::path shard = leave("one", six_points(Shard{1, 2}));
  write_file(temp_.path() / "one" / "points" / "secret.csv", "mine");
  change(point_in(shard) / "run.json", "\"summary.csv\",", "\"summary.csv\", \"../secret.csv\",");
  EXPECT_THAT(gathered({shard}), HasSubstr("is a link or outside of the folder"));
}

}  // namespace
}  // namespace sim
