// Tests that the files of the user, of other programs and of other users stay as they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "sim/measure/results/output_folder.h"
#include "tests/sim/measure/output_folder_support.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using test::expect_published;
using test::Files;
using test::open_output;
using test::publish;
using test::refusal;
using test::run_files;
using test::snapshot;
using test::TempFolder;
using test::write_file;
using test::write_run;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// Whatever the user put beside the run's files, where, and when.
TEST(OutputFolder, KeepsWhatTheUserPutIntoAnEarlierRun) {
  for (const char* const name : {"notes.md", "logs/mine.log", "logs/herd/Ball.log", "plan.csv",
                                 "points/0001/summary.csv", ".previous/x", "sub/run.json"}) {
    SCOPED_TRACE(name);
    const TempFolder temp;
    const fs::path folder = temp.path() / "paper";
    write_run(folder, "old");
    write_file(folder / name, "mine");
    const Files before = snapshot(temp.path());
    EXPECT_THAT(refusal(folder), AllOf(HasSubstr(name), HasSubstr("left alone")));
    EXPECT_EQ(snapshot(temp.path()), before);
  }
}

TEST(OutputFolder, KeepsALinkThatTheUserPutIntoAnEarlierRun) {
  const TempFolder temp;
  write_file(temp.path() / "precious" / "thesis.tex", "years of work");
  write_run(temp.path() / "paper", "old");
  fs::create_directory_symlink(temp.path() / "precious", temp.path() / "paper" / "link");
  EXPECT_THAT(refusal(temp.path() / "paper"), HasSubstr("\"link\""));
  EXPECT_EQ(snapshot(temp.path() / "precious"), (Files{{"thesis.tex", "years of work"}}));
}

TEST(OutputFolder, KeepsAFolderWhoseRunJsonIsNotARuns) {
  for (const char* const text : {"{}", "[]", "", "not JSON", R"({"complete": true})",
                                 R"({"files": []})", R"({"complete": 1, "files": []})"}) {
    SCOPED_TRACE(text);
    const TempFolder temp;
    write_file(temp.path() / "paper" / "run.json", text);
    write_file(temp.path() / "paper" / "summary.csv", "mine");
    const Files before = snapshot(temp.path());
    EXPECT_THAT(refusal(temp.path() / "paper"), HasSubstr("not an earlier run's folder"));
    EXPECT_EQ(snapshot(temp.path()), before);
  }
}

// A list that names files elsewhere takes none of them.
TEST(OutputFolder, RemovesNothingOutsideTheFolderWhateverTheListSays) {
  const TempFolder temp;
  write_file(temp.path() / "precious.tex", "years of work");
  write_file(temp.path() / "paper" / "run.json",
             R"({"complete": true, "files": ["../precious.tex", ")" +
                 (temp.path() / "precious.tex").string() + R"("]})");
  expect_published(temp.path() / "paper");
  EXPECT_EQ(test::read_file(temp.path() / "precious.tex"), "years of work");
}

// Somebody who may write to the folder around it can rename it.
TEST(OutputFolder, WritesToItsOwnFolderWhateverHasItsName) {
  const TempFolder temp;
  const auto output = open_output(temp.path() / "paper");
  ASSERT_TRUE(output);
  fs::rename(output->partial_name(), temp.path() / "moved");
  write_file(temp.path() / "precious.csv", "years of work");
  fs::create_directory(output->partial_name());
  fs::create_symlink(temp.path() / "precious.csv", output->partial_name() / "summary.csv");
  write_run(output->partial(), "new");
  EXPECT_EQ(test::read_file(temp.path() / "precious.csv"), "years of work");
  const auto place = output->publish();
  ASSERT_FALSE(place);
  EXPECT_THAT(place.error().message(), HasSubstr("was moved or replaced"));
  EXPECT_FALSE(fs::exists(temp.path() / "paper"));
}

// Only root can make files of other users.
class OfAnotherUser : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to make files of another user";
  }
  static void give_away(const fs::path& path) {
    ASSERT_EQ(::lchown(path.c_str(), kOther, kOther), 0);
  }
  static constexpr uid_t kOther = 12345;
  TempFolder temp_;
};

TEST_F(OfAnotherUser, ItsFoldersAreLeftAlone) {
  const fs::path partial = temp_.path() / ".paper.partial";
  write_file(partial / ".herdsim", "");
  give_away(partial);
  EXPECT_THAT(refusal(temp_.path() / "paper"), HasSubstr("belongs to another user"));
  write_run(temp_.path() / "theirs", "old");
  give_away(temp_.path() / "theirs");
  EXPECT_THAT(refusal(temp_.path() / "theirs"), HasSubstr("belongs to another user"));
  EXPECT_EQ(snapshot(temp_.path() / "theirs"), run_files("old"));
}

TEST_F(OfAnotherUser, ItsLinksLeadNowhere) {
  fs::create_directory(temp_.path() / "home");
  fs::create_directory_symlink(temp_.path() / "home", temp_.path() / "link");
  EXPECT_TRUE(open_output(temp_.path() / "link" / "paper"));
  give_away(temp_.path() / "link");
  EXPECT_THAT(refusal(temp_.path() / "link" / "paper"), HasSubstr("another user made"));
  EXPECT_THAT(refusal(temp_.path() / "link"), HasSubstr("another user made"));
  EXPECT_TRUE(fs::is_empty(temp_.path() / "home"));
}

TEST(OutputFolder, KeepsAForeignFolderByteForByte) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "thesis";
  write_file(folder / "chapter.tex", "years of work");
  write_file(folder / "data" / "run.json", "not at the top");
  const Files before = snapshot(temp.path());
  EXPECT_THAT(refusal(folder), AllOf(StartsWith(folder.string() + ": "), HasSubstr("no run.json")));
  EXPECT_EQ(snapshot(temp.path()), before);
}

TEST(OutputFolder, KeepsAForeignFolderThatAppearsDuringTheRunAndTheResultsToo) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  {
    const auto output = open_output(folder);
    ASSERT_TRUE(output);
    write_run(output->partial(), "new");
    write_file(folder / "mine.txt", "mine");
    const auto place = output->publish();
    ASSERT_FALSE(place);
    EXPECT_THAT(place.error().message(), HasSubstr("kept in " + output->partial_name().string()));
  }
  EXPECT_EQ(snapshot(folder), (Files{{"mine.txt", "mine"}}));
  EXPECT_EQ(snapshot(temp.path() / ".paper.partial"), run_files("new"));
  fs::remove_all(folder);
  EXPECT_TRUE(open_output(folder));  // the next run puts them in place
  EXPECT_EQ(snapshot(folder), run_files("new"));
  EXPECT_FALSE(fs::exists(temp.path() / ".paper.partial"));
}

TEST(OutputFolder, RemovesLinksNotWhatTheyNameTo) {
  const TempFolder temp;
  write_file(temp.path() / "precious" / "summary.csv", "years of work");
  write_run(temp.path() / "paper", "old");
  fs::remove(temp.path() / "paper" / "summary.csv");
  fs::create_symlink(temp.path() / "precious" / "summary.csv",
                     temp.path() / "paper" / "summary.csv");
  expect_published(temp.path() / "paper");
  EXPECT_EQ(snapshot(temp.path() / "precious"), (Files{{"summary.csv", "years of work"}}));
}

}  // namespace
}  // namespace sim
