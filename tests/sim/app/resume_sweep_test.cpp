#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "sim/app/sweep/point_folder.h"
#include "sim/app/sweep/resume.h"
#include "sim/app/sweep/run_sweep.h"
#include "sim/app/sweep/sweep_json.h"
#include "tests/sim/app/sweep_support.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using test::four_seeds;
using test::not_run;
using test::pretend_run;
using test::read_file;
using test::run_with;
using test::snapshot;
using test::sweep_of;
using test::sweep_text;
using test::TempFolder;
using test::write_file;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ResumeSweep : public testing::Test {
 protected:
  // Runs these points, counted from 0, and leaves a folder like that of a finished run.
  static void leave(const Sweep& sweep, const fs::path& folder,
                    const std::vector<std::size_t>& points) {
    SweepResults results = not_run(sweep);
    for (PointResult& point : results.points) point.status = PointStatus::kFailed;
    for (const std::size_t p : points) results.points[p].status = PointStatus::kNotRun;
    fs::create_directories(folder);
    run_points(sweep, run_with(pretend_run), folder, results);
    EXPECT_FALSE(write_sweep_json(sweep, results, folder));
    // As a partial folder has it that a killed run leaves.
    if (folder.filename().native().starts_with('.')) write_file(folder / ".herdsim", "");
  }

  std::unique_ptr<OutputFolder> open() const {
    auto folder = OutputFolder::create(folder_, OutputFolder::Leftover::kKeep);
    EXPECT_TRUE(folder);
    return std::move(folder).value();
  }

  // Returns the points that were taken over, counted from 0.
  static std::vector<std::size_t> taken(const SweepResults& results) {
    std::vector<std::size_t> points;
    for (std::size_t p = 0; p < results.points.size(); ++p) {
      if (results.points[p].done()) points.push_back(p);
    }
    return points;
  }

  TempFolder temp_;
  const fs::path folder_ = temp_.path() / "t";
  const fs::path partial_ = temp_.path() / ".t.partial";
};

TEST_F(ResumeSweep, NothingIsTakenWhereNothingIs) {
  const auto folder = open();
  SweepResults results = not_run(four_seeds());
  EXPECT_FALSE(take_finished_points(four_seeds(), *folder, results));
  EXPECT_THAT(taken(results), ElementsAre());
}

TEST_F(ResumeSweep, PointsOfTheEarlierResultsAreTakenAndThoseStayAsTheyAre) {
  leave(four_seeds(), folder_, {1, 3});
  const auto before = snapshot(folder_);
  const auto folder = open();
  SweepResults results = not_run(four_seeds());
  ASSERT_FALSE(take_finished_points(four_seeds(), *folder, results));
  EXPECT_THAT(taken(results), ElementsAre(1, 3));
  EXPECT_EQ(results.points[3].rows.size(), 2);
  EXPECT_EQ(snapshot(folder_), before);
  EXPECT_EQ(snapshot(partial_ / "points" / "0004"), snapshot(folder_ / "points" / "0004"));
  EXPECT_FALSE(fs::exists(partial_ / "points" / "0001"));
}

TEST_F(ResumeSweep, PointsThatAKilledRunLeftAreTakenBesideThem) {
  leave(four_seeds(), folder_, {0});
  leave(four_seeds(), partial_, {1, 2});
  fs::remove(partial_ / "points" / "0003" / "run.json");
  const auto folder = open();
  SweepResults results = not_run(four_seeds());
  ASSERT_FALSE(take_finished_points(four_seeds(), *folder, results));
  EXPECT_THAT(taken(results), ElementsAre(0, 1));
  EXPECT_TRUE(fs::exists(partial_ / "points" / "0001" / "run.json"));
  EXPECT_TRUE(fs::exists(partial_ / "points" / "0002" / "run.json"));
  EXPECT_FALSE(fs::exists(partial_ / "points" / "0003"));
}

TEST_F(ResumeSweep, OfTwoTheOneThatAKilledRunLeftIsNewer) {
  leave(four_seeds(), folder_, {0});
  leave(four_seeds(), partial_, {0});
  write_file(partial_ / "points" / "0001" / "events.csv", "NEWER,herd,event,detail\n");
  const auto folder = open();
  SweepResults results = not_run(four_seeds());
  ASSERT_FALSE(take_finished_points(four_seeds(), *folder, results));
  EXPECT_THAT(read_file(partial_ / "points" / "0001" / "events.csv"), StartsWith("NEWER"));
}

TEST_F(ResumeSweep, WholeResultsAreOnlyRead) {
  leave(four_seeds(), folder_, {0, 1, 2, 3});
  const auto before = snapshot(folder_);
  const auto folder = open();
  SweepResults results = not_run(four_seeds());
  ASSERT_FALSE(take_finished_points(four_seeds(), *folder, results));
  EXPECT_TRUE(results.complete());
  EXPECT_FALSE(fs::exists(partial_ / "points"));
  EXPECT_EQ(snapshot(folder_), before);
}

// As after a second run that was killed.
TEST_F(ResumeSweep, BesideWholeResultsNothingIsLeftToPutInTheirPlace) {
  leave(four_seeds(), folder_, {0, 1, 2, 3});
  leave(four_seeds(), partial_, {1});
  const auto before = snapshot(folder_);
  const auto folder = open();
  SweepResults results = not_run(four_seeds());
  ASSERT_FALSE(take_finished_points(four_seeds(), *folder, results));
  EXPECT_TRUE(results.complete());
  EXPECT_FALSE(fs::exists(partial_ / "points"));
  EXPECT_EQ(snapshot(folder_), before);
}

TEST_F(ResumeSweep, WhatIsNotOfThisSweepIsRefusedAndStays) {
  const Sweep other = four_seeds(R"("drain": "3s",)");
  leave(other, folder_, {0});
  leave(other, partial_, {1});
  const auto before = snapshot(temp_.path());
  {
    const auto folder = open();
    SweepResults results = not_run(four_seeds());
    const auto error = take_finished_points(four_seeds(), *folder, results);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message(),
              folder_.string() +
                  ": cannot be resumed, because it is from another scenario (leave "
                  "--resume out, or name another folder)");
    EXPECT_THAT(taken(results), ElementsAre());
  }
  const auto after = snapshot(temp_.path());
  EXPECT_TRUE(after == before);
}

TEST_F(ResumeSweep, AnEmptyPartialFolderGoesWhereTheEarlierResultsAreRefused) {
  leave(four_seeds(R"("drain": "3s",)"), folder_, {0});
  {
    const auto folder = open();
    SweepResults results = not_run(four_seeds());
    EXPECT_TRUE(take_finished_points(four_seeds(), *folder, results));
  }
  EXPECT_FALSE(fs::exists(partial_));
}

TEST_F(ResumeSweep, PointsOfAnotherProgramAreRefused) {
  leave(four_seeds(), folder_, {0, 1});
  std::string text = read_file(folder_ / "points" / "0002" / "run.json");
  const std::string what = R"("architecture": ")";
  text.replace(text.find(what), what.size(), what + "not-");
  write_file(folder_ / "points" / "0002" / "run.json", text);
  const auto folder = open();
  SweepResults results = not_run(four_seeds());
  const auto error = take_finished_points(four_seeds(), *folder, results);
  ASSERT_TRUE(error);
  EXPECT_THAT(error->message(), HasSubstr("points/0002: cannot be resumed, because it is from "
                                          "another architecture (not-"));
}

TEST_F(ResumeSweep, AShardTakesItsOwnPointsAlone) {
  leave(four_seeds(), folder_, {0, 1});
  leave(four_seeds(), partial_, {2, 3});
  const Sweep shard = sweep_of(sweep_text(R"({"seed": {"count": 4}})"), {}, Shard{1, 2});
  const auto folder = open();
  SweepResults results = not_run(shard);
  ASSERT_FALSE(take_finished_points(shard, *folder, results));
  EXPECT_THAT(taken(results), ElementsAre(0, 2));
  for (std::size_t p = 0; p < 4; ++p) {
    const bool own = results.points[p].status != PointStatus::kElsewhere;
    EXPECT_EQ(results.points[p].done(), own);
    EXPECT_EQ(fs::exists(partial_ / point_folder(shard, p)), own);
  }
}

TEST_F(ResumeSweep, OfAnotherSweepThatWasKilledNothingIsTaken) {
  leave(four_seeds(), folder_, {0});
  leave(four_seeds(R"("drain": "3s",)"), partial_, {1, 2});
  const auto folder = open();
  SweepResults results = not_run(four_seeds());
  ASSERT_FALSE(take_finished_points(four_seeds(), *folder, results));
  EXPECT_THAT(taken(results), ElementsAre(0));
  EXPECT_FALSE(fs::exists(partial_ / "points" / "0002"));
}

TEST_F(ResumeSweep, SaysWhyNot) {
  leave(four_seeds(), folder_, {0});
  EXPECT_EQ(why_not_of(four_seeds(), folder_), "");
  const std::string run_json = read_file(folder_ / "run.json");
  const auto with = [&](const std::string& what, const std::string& instead) {
    std::string text = run_json;
    text.replace(text.find(what), what.size(), instead);
    write_file(folder_ / "run.json", text);
    return why_not_of(four_seeds(), folder_);
  };
  EXPECT_EQ(with("\"version\": \"" HERDSIM_VERSION, "\"version\": \"0.0.7"),
            "is from another version (0.0.7)");
  EXPECT_EQ(with("\"sweep\": [", "\"swept\": ["), "is not from a sweep");
  EXPECT_EQ(with("{", "["), "has no readable run.json");
  EXPECT_EQ(with("\"count\": 4", "\"count\": 5"), "is from another scenario");
}

// The keys' order decides the order of the points.
TEST_F(ResumeSweep, KeysInAnotherOrderAreAnotherSweep) {
  const Sweep one = sweep_of(sweep_text(R"({"drain": ["1s", "2s"], "herds.*.servers": [5, 6]})"));
  const Sweep other = sweep_of(sweep_text(R"({"herds.*.servers": [5, 6], "drain": ["1s", "2s"]})"));
  leave(one, folder_, {0});
  EXPECT_EQ(why_not_of(one, folder_), "");
  EXPECT_EQ(why_not_of(other, folder_), "is from another scenario");
}

}  // namespace
}  // namespace sim
