#include "sim/app/sweep/run_sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "sim/app/compare/gate.h"
#include "sim/app/sweep/point_folder.h"
#include "sim/app/sweep/sweep_tables.h"
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

constexpr auto kHeld = PointStatus::kHeld;
constexpr auto kNotHeld = PointStatus::kNotHeld;
constexpr auto kFailed = PointStatus::kFailed;
constexpr auto kNotRun = PointStatus::kNotRun;

std::vector<PointStatus> statuses(const SweepResults& results) {
  std::vector<PointStatus> out;
  for (const PointResult& point : results.points) out.push_back(point.status);
  return out;
}

TEST(RunSweep, EachPointHasAFolderThatSaysWhatIsKeptOfIt) {
  const Sweep sweep = four_seeds(
      R"("expect": [{"herd": "*", "metric": "messages", "max": 305}, {"herd": "a", "metric": "accepted", "equals": 1000}],)");
  SweepResults results = not_run(sweep);
  const TempFolder temp;
  run_points(sweep, run_with(pretend_run), temp.path(), results);
  EXPECT_THAT(statuses(results), ElementsAre(kHeld, kHeld, kHeld, kNotHeld));
  EXPECT_TRUE(results.complete());
  EXPECT_EQ(results.points[2].rows.size(), 2);
  EXPECT_EQ(results.points[3].expectations.size(), 3);
  EXPECT_EQ(results.points[3].expectations[1].figure, 405);
  for (std::size_t p = 0; p < 4; ++p) {
    const auto read = read_point(temp.path() / point_folder(sweep, p));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->result.rows, results.points[p].rows);
    EXPECT_EQ(read->result.status, results.points[p].status);
  }
  EXPECT_EQ(point_folder(sweep, 3), "points/0004");
  EXPECT_TRUE(fs::exists(temp.path() / "points/0004/deliveries.csv"));
}

TEST(RunSweep, WhatRecordLeavesOutIsLeftOut) {
  const Sweep sweep = four_seeds(R"("record": "summary",)");
  SweepResults results = not_run(sweep);
  const TempFolder temp;
  run_points(sweep, run_with(pretend_run), temp.path(), results);
  EXPECT_TRUE(results.complete());
  EXPECT_FALSE(fs::exists(temp.path() / "points/0001/updates.csv"));
}

// Every point waits for those that run in parallel, so that they finish in another order than they
// started in.
TEST(RunSweep, AsManyPointsRunAtOnceAsThereAreJobsAndTheFilesAreTheSame) {
  constexpr unsigned kJobs = 3;
  const Sweep sweep = sweep_of(sweep_text(R"({"herds.*.servers": [5, 6], "seed": {"count": 3}})"));
  std::mutex mutex;
  std::condition_variable change;
  unsigned running = 0;
  unsigned met = 0;
  const auto together = [&](const Scenario& scenario, const RunOptions& options) {
    {
      std::unique_lock lock(mutex);
      if (++running == kJobs) {
        ++met;
        running = 0;
        change.notify_all();
      } else {
        const unsigned before = met;
        change.wait(lock, [&] { return met > before; });
      }
    }
    return pretend_run(scenario, options);
  };
  const TempFolder alone;
  const TempFolder beside;
  SweepResults one_by_one = not_run(sweep);
  run_points(sweep, run_with(pretend_run), alone.path(), one_by_one);
  SweepResults at_once = not_run(sweep);
  run_points(sweep, run_with(together, kJobs), beside.path(), at_once);
  EXPECT_EQ(met, 2);
  EXPECT_TRUE(at_once.complete());
  for (const auto* each : {&alone, &beside}) {
    const SweepResults& results = each == &alone ? one_by_one : at_once;
    EXPECT_FALSE(write_sweep_summary(sweep, results, each->path() / "summary.csv"));
    EXPECT_FALSE(write_sweep_spreads(sweep, results, each->path() / "sweep.csv", all_metrics()));
  }
  EXPECT_EQ(snapshot(alone.path()), snapshot(beside.path()));
}

TEST(RunSweep, LivePointsRunOneAtATime) {
  const Sweep sweep = sweep_of(sweep_text(R"({"seed": {"count": 4}})", R"("record": "summary",)"),
                               {{}, std::nullopt, "live"});
  const std::thread::id here = std::this_thread::get_id();
  const auto run = [&](const Scenario& scenario, const RunOptions& options) {
    EXPECT_TRUE(std::this_thread::get_id() == here);
    return pretend_run(scenario, options);
  };
  SweepResults results = not_run(sweep);
  const TempFolder temp;
  run_points(sweep, run_with(run, 4), temp.path(), results);
  EXPECT_TRUE(results.complete());
}

TEST(RunSweep, AFailureLosesNoOtherPointAndLeavesNothing) {
  const Sweep sweep = four_seeds();
  const auto run = [](const Scenario& scenario,
                      const RunOptions& options) -> herd::Result<RunResults, Error> {
    write_file(options.log_folder / "a" / "S1.log", "began\n");
    if (scenario.seed == 2) return Error{"a port is taken"};
    if (scenario.seed == 3) throw std::runtime_error("no memory");
    return pretend_run(scenario, options);
  };
  for (const unsigned jobs : {1U, 2U}) {
    SweepResults results = not_run(sweep);
    const TempFolder temp;
    run_points(sweep, run_with(run, jobs), temp.path(), results);
    EXPECT_THAT(statuses(results), ElementsAre(kHeld, kFailed, kFailed, kHeld));
    EXPECT_EQ(results.points[1].why, "a port is taken");
    EXPECT_EQ(results.points[2].why, "no memory");
    EXPECT_FALSE(results.complete());
    EXPECT_TRUE(fs::exists(temp.path() / "points/0001/logs/a/S1.log"));
    EXPECT_FALSE(fs::exists(temp.path() / "points/0002"));
    EXPECT_FALSE(fs::exists(temp.path() / "points/0003"));
  }
}

TEST(RunSweep, APointThatCannotBeWrittenHasFailed) {
  const Sweep sweep = four_seeds();
  const auto run = [](const Scenario& scenario, const RunOptions& options) {
    const fs::path folder = options.log_folder.parent_path();
    if (scenario.seed == 2) fs::create_directory(folder / "links.csv");
    return pretend_run(scenario, options);
  };
  SweepResults results = not_run(sweep);
  const TempFolder temp;
  run_points(sweep, run_with(run), temp.path(), results);
  EXPECT_THAT(statuses(results), ElementsAre(kHeld, kFailed, kHeld, kHeld));
  EXPECT_THAT(results.points[1].why, testing::HasSubstr("links.csv: cannot be created"));
}

TEST(RunSweep, AnInterruptedPointIsNotRunAndNoneAreBegunAfterIt) {
  const Sweep sweep = four_seeds();
  std::atomic<bool> interrupted = false;
  const auto run = [&](const Scenario& scenario, const RunOptions& options) {
    auto results = pretend_run(scenario, options);
    EXPECT_EQ(options.interrupted, &interrupted);
    if (scenario.seed == 2) {
      interrupted = true;
      results->complete = false;
    }
    return results;
  };
  SweepOptions options = run_with(run);
  options.interrupted = &interrupted;
  SweepResults results = not_run(sweep);
  const TempFolder temp;
  run_points(sweep, options, temp.path(), results);
  EXPECT_THAT(statuses(results), ElementsAre(kHeld, kNotRun, kNotRun, kNotRun));
  EXPECT_FALSE(fs::exists(temp.path() / "points/0002"));
  EXPECT_FALSE(results.complete());
}

TEST(RunSweep, ALiveRunThatHeardOfTheSignalItselfEndsTheSweepToo) {
  const Sweep sweep = four_seeds();
  unsigned runs = 0;
  const auto run = [&](const Scenario& scenario, const RunOptions& options) {
    auto results = pretend_run(scenario, options);
    results->complete = ++runs == 1;
    return results;
  };
  SweepResults results = not_run(sweep);
  const TempFolder temp;
  run_points(sweep, run_with(run), temp.path(), results);
  EXPECT_EQ(runs, 2);
  EXPECT_THAT(statuses(results), ElementsAre(kHeld, kNotRun, kNotRun, kNotRun));
}

TEST(RunSweep, OnlyWhatIsNotRunIsRunAndProgressCountsTheRest) {
  const Sweep sweep = four_seeds();
  SweepResults results = not_run(sweep);
  results.points[1].status = kNotHeld;
  results.points[3].status = kHeld;
  std::vector<std::uint64_t> seeds;
  const auto run = [&](const Scenario& scenario,
                       const RunOptions& options) -> herd::Result<RunResults, Error> {
    seeds.push_back(scenario.seed);
    if (scenario.seed == 3) return Error{"no"};
    return pretend_run(scenario, options);
  };
  SweepOptions options = run_with(run);
  std::vector<std::string> told;
  options.on_progress = [&](const SweepProgress& progress) {
    told.push_back(std::to_string(progress.done) + " " + std::to_string(progress.failed) + " " +
                   std::to_string(progress.total));
  };
  const TempFolder temp;
  run_points(sweep, options, temp.path(), results);
  EXPECT_THAT(seeds, ElementsAre(1, 3));
  EXPECT_THAT(told, ElementsAre("2 0 4", "3 0 4", "4 1 4"));
}

TEST(RunSweep, AFolderThatIsInTheWayIsReplaced) {
  const Sweep sweep = four_seeds();
  SweepResults results = not_run(sweep);
  const TempFolder temp;
  write_file(temp.path() / "points/0002/half", "written");
  run_points(sweep, run_with(pretend_run), temp.path(), results);
  EXPECT_FALSE(fs::exists(temp.path() / "points/0002/half"));
  EXPECT_TRUE(results.complete());
}

TEST(RunSweep, APointFromADataFileThatHasChangedFails) {
  const Sweep sweep = four_seeds();
  SweepResults results = not_run(sweep);
  const TempFolder temp;
  const auto run = [](const Scenario& scenario, const RunOptions& options) {
    auto made = pretend_run(scenario, options);
    made->inputs = {{"walk.csv", scenario.seed == 3 ? "bb" : "aa"}};
    return made;
  };
  run_points(sweep, run_with(run), temp.path(), results);
  EXPECT_THAT(statuses(results), ElementsAre(kHeld, kHeld, kFailed, kHeld));
  EXPECT_EQ(results.points[2].why, "it was made from another walk.csv than other points");
  EXPECT_FALSE(fs::exists(temp.path() / point_folder(sweep, 2)));
}

// A point's folder after its run was killed, or after the disk was full.
TEST(PointFolder, WhatIsNotWholeIsNotRead) {
  const Sweep sweep = sweep_of(sweep_text(R"({"seed": [1]})"));
  SweepResults results = not_run(sweep);
  const TempFolder temp;
  run_points(sweep, run_with(pretend_run), temp.path(), results);
  const fs::path folder = temp.path() / "points/0001";
  ASSERT_TRUE(read_point(folder));
  const std::string run_json = read_file(folder / "run.json");
  const std::string summary = read_file(folder / "summary.csv");
  const auto spoil = [&](const char* file, const std::string& text) {
    write_file(folder / file, text);
    EXPECT_FALSE(read_point(folder)) << file << ": " << text;
    write_file(folder / "run.json", run_json);
    write_file(folder / "summary.csv", summary);
    EXPECT_TRUE(read_point(folder));
  };
  spoil("run.json", run_json.substr(0, run_json.size() / 2));
  spoil("run.json", "");
  std::string interrupted = run_json;
  interrupted.replace(interrupted.find("true"), 4, "false");
  spoil("run.json", interrupted);
  spoil("summary.csv", "");
  spoil("summary.csv", summary.substr(0, summary.find('\n') + 1));
  spoil("summary.csv", summary.substr(0, summary.size() - 40));
  spoil("summary.csv", summary.substr(1));
  fs::remove(folder / "links.csv");
  EXPECT_FALSE(read_point(folder));
}

TEST(PointFolder, NamesSortAsTheirPointsDo) {
  const auto many = [](int seeds) {
    return sweep_of(sweep_text(R"({"seed": {"count": )" + std::to_string(seeds) + "}}"));
  };
  EXPECT_EQ(point_folder(many(2), 0), "points/0001");
  EXPECT_EQ(point_folder(many(9'999), 9'998), "points/9999");
  EXPECT_EQ(point_folder(many(10'000), 0), "points/00001");
}

}  // namespace
}  // namespace sim
