// Tests what is not finished: the folder beside the results, runs that are incomplete or killed.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "sim/base/io/own_folder.h"
#include "sim/measure/results/output_folder.h"
#include "tests/sim/measure/output_folder_support.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using test::expect_published;
using test::Files;
using test::in_child;
using test::open_output;
using test::publish;
using test::read_file;
using test::refusal;
using test::run_files;
using test::run_json;
using test::snapshot;
using test::TempFolder;
using test::write_file;
using test::write_run;
using testing::HasSubstr;

TEST(OutputFolder, AnIncompleteRunDoesNotReplaceACompleteOne) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  write_run(folder, "old");
  for (const char* const what : {"first", "second"}) {
    const auto output = open_output(folder);
    ASSERT_TRUE(output);
    write_run(output->partial(), what, false);
    const auto place = output->publish();
    ASSERT_TRUE(place) << place.error().message();
    EXPECT_EQ(*place, temp.path() / "paper.incomplete");
    EXPECT_EQ(snapshot(*place), run_files(what, false));
    EXPECT_EQ(output->incomplete(), std::vector{*place});
  }
  EXPECT_EQ(snapshot(folder), run_files("old"));
  EXPECT_FALSE(fs::exists(temp.path() / ".paper.partial"));
  expect_published(folder);
  EXPECT_EQ(snapshot(temp.path() / "paper.incomplete"), run_files("second", false));
}

TEST(OutputFolder, AnIncompleteRunReplacesOneThatIsNotCompleteEither) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  for (const char* const what : {"first", "second"}) {
    const auto output = open_output(folder);
    ASSERT_TRUE(output);
    write_run(output->partial(), what, false);
    EXPECT_TRUE(publish(*output));
    EXPECT_EQ(snapshot(folder), run_files(what, false));
  }
}

// The folder beside it may be another scenario's, or the user's.
TEST(OutputFolder, AnIncompleteRunLeavesOthersBesideIt) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  write_run(folder, "old");
  write_run(temp.path() / "paper.incomplete", "a scenario of this name");
  write_file(temp.path() / "paper.incomplete-2" / "mine.txt", "mine");
  const auto output = open_output(folder);
  ASSERT_TRUE(output);
  write_run(output->partial(), "new", false);
  const auto place = output->publish();
  ASSERT_TRUE(place) << place.error().message();
  EXPECT_EQ(*place, temp.path() / "paper.incomplete-3");
  EXPECT_EQ(snapshot(temp.path() / "paper.incomplete"), run_files("a scenario of this name"));
  EXPECT_EQ(snapshot(temp.path() / "paper.incomplete-2"), (Files{{"mine.txt", "mine"}}));
}

TEST(OutputFolder, RefusesNamesOfUnfinishedResults) {
  const TempFolder temp;
  write_run(temp.path() / ".paper.partial", "of a scenario of this name");
  EXPECT_THAT(refusal(temp.path() / ".paper.partial"), HasSubstr("is for unfinished results"));
  EXPECT_THAT(refusal(temp.path() / ".x.partial/"), HasSubstr("is for unfinished results"));
  EXPECT_TRUE(open_output(temp.path() / ".partial"));
  EXPECT_EQ(snapshot(temp.path() / ".paper.partial"), run_files("of a scenario of this name"));
}

// Finished results wait in the partial folder if they could not be put in place.
TEST(OutputFolder, PutsInPlaceWhatAnEarlierRunHadFinished) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  write_run(folder, "old");
  write_run(temp.path() / ".paper.partial", "finished");
  {
    const auto output = open_output(folder);
    ASSERT_TRUE(output);
    EXPECT_EQ(snapshot(folder), run_files("finished"));
  }
  EXPECT_EQ(snapshot(temp.path()).size(), 3u);
  write_run(temp.path() / ".paper.partial", "interrupted", false);
  ASSERT_TRUE(open_output(folder));
  EXPECT_EQ(snapshot(folder), run_files("finished"));
  EXPECT_EQ(snapshot(temp.path() / "paper.incomplete"), run_files("interrupted", false));
}

TEST(OutputFolder, IsPrivateUntilItIsFinished) {
  const TempFolder temp;
  const auto permissions = [](const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
  };
  fs::create_directory(temp.path() / "usual");
  fs::create_directory(temp.path() / ".paper.partial");  // as an older version left it
  fs::permissions(temp.path() / ".paper.partial", fs::perms::all);
  const auto output = open_output(temp.path() / "paper");
  ASSERT_TRUE(output);
  EXPECT_EQ(permissions(output->partial_name()), 0700U);
  write_run(output->partial(), "new");
  EXPECT_TRUE(publish(*output));
  EXPECT_EQ(permissions(temp.path() / "paper"), permissions(temp.path() / "usual"));
}

TEST(OutputFolder, ASecondRunIntoTheSameFolderIsRefused) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  const auto first = open_output(folder);
  ASSERT_TRUE(first);
  write_run(first->partial(), "first");
  EXPECT_THAT(refusal(folder), HasSubstr("another run"));
  EXPECT_EQ(in_child(temp.path(),
                     [] { return refusal("paper").find("another run") != std::string::npos; }),
            1);
  EXPECT_TRUE(publish(*first));
  EXPECT_EQ(snapshot(folder), run_files("first"));
  expect_published(folder);  // now the second one can be published
}

// As on NFS, where another machine's lock of the folder is not seen, but that of the marker is.
TEST(OutputFolder, AnotherMachineThatWritesThereIsSeenByItsMarker) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  fs::create_directory(temp.path() / ".paper.partial");
  write_file(temp.path() / ".paper.partial" / ".herdsim", "");
  write_file(temp.path() / ".paper.partial" / "half.csv", "half");
  {
    const OwnedFd marker(::open((temp.path() / ".paper.partial" / ".herdsim").c_str(), O_RDWR));
    ASSERT_EQ(lock_folder(marker.get()), 0);
    EXPECT_THAT(refusal(folder), HasSubstr("another run is writing there"));
    EXPECT_EQ(read_file(temp.path() / ".paper.partial" / "half.csv"), "half");
  }
  expect_published(folder);
}

TEST(OutputFolder, ClearsWhatAKilledRunLeft) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  write_run(folder, "old");
  EXPECT_EQ(in_child(temp.path(),
                     [] {
                       const auto output = OutputFolder::create("paper");
                       write_file((*output)->partial() / "half.csv", "half");
                       ::kill(::getpid(), SIGKILL);
                       return 0;
                     }),
            -1);
  EXPECT_TRUE(fs::exists(temp.path() / ".paper.partial" / "half.csv"));
  expect_published(folder);
  EXPECT_EQ(snapshot(folder), run_files("new"));
  EXPECT_FALSE(fs::exists(temp.path() / ".paper.partial"));
}

TEST(OutputFolder, KeepsWhatAKilledRunLeftWhereThatIsAskedFor) {
  const TempFolder temp;
  const fs::path partial = temp.path() / ".out.partial";
  write_run(partial, "left");
  write_file(partial / ".herdsim", "");
  {
    const auto output = OutputFolder::create(temp.path() / "out", OutputFolder::Leftover::kKeep);
    ASSERT_TRUE(output);
    const OutputFolder& folder = *output.value();
    Files files = snapshot(folder.partial());
    files.erase(".herdsim");
    EXPECT_EQ(files, run_files("left"));
    EXPECT_FALSE(output.value()->clear());
    files = snapshot(folder.partial());
    files.erase(".herdsim");
    EXPECT_EQ(files, Files());
  }
  EXPECT_FALSE(fs::exists(partial));
}

TEST(OutputFolder, LeavesItsPartialFolderToALaterRunWhereItIsKept) {
  const TempFolder temp;
  {
    const auto output = open_output(temp.path() / "out");
    ASSERT_TRUE(output);
    write_run(output->partial(), "kept");
    output->keep();
  }
  Files files = snapshot(temp.path() / ".out.partial");
  files.erase(".herdsim");
  EXPECT_EQ(files, run_files("kept"));
  expect_published(temp.path() / "out");
  EXPECT_EQ(snapshot(temp.path()), (Files{{"out/summary.csv", "new"},
                                          {"out/logs/herd/Alford.log", "new"},
                                          {"out/run.json", run_json("new")}}));
}

TEST(OutputFolder, LeavesAPartialFolderThatIsNotOurs) {
  for (const bool marked : {false, true}) {
    const TempFolder temp;
    write_file(temp.path() / ".paper.partial" / "mine.txt", "mine");
    if (marked) write_file(temp.path() / ".paper.partial" / ".herdsim", "");
    const Files before = snapshot(temp.path());
    EXPECT_THAT(refusal(temp.path() / "paper"), HasSubstr("no run left"));
    EXPECT_EQ(snapshot(temp.path()), before);
  }
}

TEST(OutputFolder, RefusesAPartialThatIsNoFolder) {
  const TempFolder temp;
  fs::create_directory(temp.path() / "precious");
  write_file(temp.path() / "precious" / "run.json", "mine");
  fs::create_directory_symlink("precious", temp.path() / ".one.partial");
  write_file(temp.path() / ".two.partial", "a file");
  const Files before = snapshot(temp.path());
  EXPECT_THAT(refusal(temp.path() / "one"), HasSubstr("in the way"));
  EXPECT_THAT(refusal(temp.path() / "two"), HasSubstr("in the way"));
  EXPECT_EQ(snapshot(temp.path()), before);
}

// Kills the program at random moments. One complete run is always in place, and the next run works.
TEST(OutputFolder, KilledAtAnyMomentLeavesTheOldOrTheNew) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  for (int round = 0; round < 40; ++round) {
    int done[2];  // one byte for each published run
    ASSERT_EQ(::pipe(done), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (int i = 0;; ++i) {
        auto output = OutputFolder::create(folder);
        if (!output) ::_exit(1);
        write_run((*output)->partial(), std::to_string(round) + '.' + std::to_string(i));
        if (!publish(**output) || ::write(done[1], "", 1) != 1) ::_exit(2);
      }
    }
    ::close(done[1]);
    char byte = 0;
    ASSERT_EQ(::read(done[0], &byte, 1), 1) << "ended before its first run was published";
    std::this_thread::sleep_for(std::chrono::microseconds(397 * round));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ::close(done[0]);
    ASSERT_TRUE(WIFSIGNALED(status)) << "ended by itself: " << WEXITSTATUS(status);
    Files files = snapshot(folder);
    files.erase(".herdsim");  // of a folder that was about to be replaced
    ASSERT_EQ(files.count("summary.csv"), 1u);
    EXPECT_EQ(files, run_files(files.at("summary.csv")));
  }
  expect_published(folder);
  EXPECT_FALSE(fs::exists(temp.path() / ".paper.partial"));
}

}  // namespace
}  // namespace sim
