#include "sim/measure/results/output_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "sim/measure/results/swap_folders.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using test::snapshot;
using test::TempFolder;
using test::write_file;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using Files = std::map<std::string, std::string>;

std::unique_ptr<OutputFolder> open(const fs::path& folder) {
  auto output = OutputFolder::create(folder);
  if (!output) {
    ADD_FAILURE() << output.error().message();
    return nullptr;
  }
  return std::move(output).value();
}

// Returns the message of a creation that must fail.
std::string refusal(const fs::path& folder) {
  const auto output = OutputFolder::create(folder);
  return output ? "nothing is wrong" : output.error().message();
}

std::string run_json(const std::string& what, bool complete = true) {
  return R"({"what": ")" + what + R"(", "complete": )" + (complete ? "true" : "false") +
         R"(, "files": ["summary.csv", "logs/herd/Alford.log"]})";
}

// Writes a run with the text `what` in each of its files.
void write_run(const fs::path& folder, const std::string& what, bool complete = true) {
  write_file(folder / "summary.csv", what);
  write_file(folder / "logs" / "herd" / "Alford.log", what);
  write_file(folder / "run.json", run_json(what, complete));
}

Files run_files(const std::string& what, bool complete = true) {
  return {{"summary.csv", what},
          {"logs/herd/Alford.log", what},
          {"run.json", run_json(what, complete)}};
}

void expect_published(const fs::path& folder) {
  const auto output = open(folder);
  ASSERT_TRUE(output);
  write_run(output->partial(), "new");
  const auto place = output->publish();
  ASSERT_TRUE(place) << place.error().message();
  EXPECT_EQ(*place, output->folder());
}

// Returns whether it was put in place.
bool publish(OutputFolder& output) { return output.publish().ok(); }

// Runs `body` in a child process with the working folder `folder`. Returns its result, 0 for
// success.
int in_child(const fs::path& folder, const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::chdir(folder.c_str()) == 0 ? body() : 99);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(OutputFolder, IsWrittenAsideAndThenPutInPlace) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "a" / "b" / "paper";
  const auto output = open(folder);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->folder(), folder);
  EXPECT_EQ(output->partial_name(), temp.path() / "a" / "b" / ".paper.partial");
  EXPECT_TRUE(fs::is_directory(output->partial_name()));
  EXPECT_EQ(output->for_people((output->partial() / "x").string() + ": no"),
            (output->partial_name() / "x").string() + ": no");
  write_run(output->partial(), "new");
  EXPECT_FALSE(fs::exists(folder)) << "before it is whole";
  EXPECT_TRUE(publish(*output));
  EXPECT_EQ(snapshot(folder), run_files("new"));
  EXPECT_FALSE(fs::exists(output->partial_name()));
}

TEST(OutputFolder, ReplacesAnEarlierRunWithAllThatItLists) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  write_run(folder, "old");
  fs::create_directories(folder / "logs" / "empty");
  fs::remove(folder / "summary.csv");
  expect_published(folder);
  EXPECT_EQ(snapshot(temp.path()).size(), 3u);
  EXPECT_EQ(snapshot(folder), run_files("new"));
}

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

TEST(OutputFolder, AnIncompleteRunDoesNotReplaceACompleteOne) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  write_run(folder, "old");
  for (const char* const what : {"first", "second"}) {
    const auto output = open(folder);
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
    const auto output = open(folder);
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
  const auto output = open(folder);
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
  EXPECT_TRUE(open(temp.path() / ".partial"));
  EXPECT_EQ(snapshot(temp.path() / ".paper.partial"), run_files("of a scenario of this name"));
}

// Finished results wait in the partial folder if they could not be put in place.
TEST(OutputFolder, PutsInPlaceWhatAnEarlierRunHadFinished) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  write_run(folder, "old");
  write_run(temp.path() / ".paper.partial", "finished");
  {
    const auto output = open(folder);
    ASSERT_TRUE(output);
    EXPECT_EQ(snapshot(folder), run_files("finished"));
  }
  EXPECT_EQ(snapshot(temp.path()).size(), 3u);
  write_run(temp.path() / ".paper.partial", "interrupted", false);
  ASSERT_TRUE(open(folder));
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
  const auto output = open(temp.path() / "paper");
  ASSERT_TRUE(output);
  EXPECT_EQ(permissions(output->partial_name()), 0700U);
  write_run(output->partial(), "new");
  EXPECT_TRUE(publish(*output));
  EXPECT_EQ(permissions(temp.path() / "paper"), permissions(temp.path() / "usual"));
}

// Somebody who may write to the folder around it can rename it.
TEST(OutputFolder, WritesToItsOwnFolderWhateverHasItsName) {
  const TempFolder temp;
  const auto output = open(temp.path() / "paper");
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
  EXPECT_TRUE(open(temp_.path() / "link" / "paper"));
  give_away(temp_.path() / "link");
  EXPECT_THAT(refusal(temp_.path() / "link" / "paper"), HasSubstr("another user made"));
  EXPECT_THAT(refusal(temp_.path() / "link"), HasSubstr("another user made"));
  EXPECT_TRUE(fs::is_empty(temp_.path() / "home"));
}

TEST(OutputFolder, PublishesMoreFilesThanAreSyncedOneByOne) {
  const TempFolder temp;
  const auto output = open(temp.path() / "out");
  ASSERT_TRUE(output);
  Files files = run_files("new");
  for (int i = 0; i < 1000; ++i) files["points/" + std::to_string(i)] = std::to_string(i);
  for (const auto& [name, text] : files) write_file(output->partial() / name, text);
  EXPECT_TRUE(publish(*output));
  EXPECT_EQ(snapshot(temp.path() / "out"), files);
}

TEST(OutputFolder, ReplacesAnEmptyFolder) {
  const TempFolder temp;
  fs::create_directory(temp.path() / "paper");
  expect_published(temp.path() / "paper");
  EXPECT_EQ(snapshot(temp.path() / "paper"), run_files("new"));
  EXPECT_FALSE(fs::exists(temp.path() / ".paper.partial"));
}

TEST(OutputFolder, LeavesNothingWithoutPublish) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  write_run(folder, "old");
  {
    const auto output = open(folder);
    ASSERT_TRUE(output);
    write_run(output->partial(), "new");
  }
  EXPECT_EQ(snapshot(folder), run_files("old"));
  EXPECT_FALSE(fs::exists(temp.path() / ".paper.partial"));
}

TEST(OutputFolder, PublishesOnlyARun) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  {
    const auto output = open(folder);
    ASSERT_TRUE(output);
    write_file(output->partial() / "summary.csv", "x");
    EXPECT_FALSE(publish(*output));
  }
  EXPECT_TRUE(fs::is_empty(temp.path()));
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
    const auto output = open(folder);
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
  EXPECT_TRUE(open(folder));  // the next run puts them in place
  EXPECT_EQ(snapshot(folder), run_files("new"));
  EXPECT_FALSE(fs::exists(temp.path() / ".paper.partial"));
}

TEST(OutputFolder, RefusesAFile) {
  const TempFolder temp;
  write_file(temp.path() / "paper", "a file");
  EXPECT_THAT(refusal(temp.path() / "paper"), HasSubstr("is a file, not a folder"));
  EXPECT_THAT(refusal(temp.path() / "paper/"), HasSubstr("is a file, not a folder"));
  EXPECT_EQ(snapshot(temp.path()), (Files{{"paper", "a file"}}));
}

TEST(OutputFolder, RefusesAParentThatCannotBeMade) {
  const TempFolder temp;
  write_file(temp.path() / "file", "");
  EXPECT_THAT(refusal(temp.path() / "file" / "out"), HasSubstr("Not a directory"));
  EXPECT_THAT(refusal(temp.path() / "file" / "deep" / "out"), HasSubstr("Not a directory"));
  EXPECT_THAT(refusal("/proc/herdsim/out"), HasSubstr("cannot be created"));
  EXPECT_THAT(refusal(temp.path() / std::string(250, 'x')), HasSubstr("File name too long"));
}

TEST(OutputFolder, NamesThatCannotBeReplaced) {
  const TempFolder temp;
  const fs::path inside = temp.path() / "run" / "inside";
  fs::create_directories(inside);
  write_file(temp.path() / "run" / "run.json", "an earlier run, and the program runs in it");
  const Files before = snapshot(temp.path());
  EXPECT_EQ(in_child(inside,
                     [] {
                       const auto says = [](const char* name, std::string_view what) {
                         return refusal(name).find(what) != std::string::npos;
                       };
                       const bool ok =
                           says(".", "runs in") && says("./", "runs in") && says("..", "runs in") &&
                           says("../..", "runs in") && says("../inside", "runs in") &&
                           says("/", "root folder") && says("//", "root folder") &&
                           says("", "no folder is named") && says("/proc", "mount point") &&
                           says("missing/..", "No such file") && says("missing/.", "No such file");
                       return ok ? 0 : 1;
                     }),
            0);
  EXPECT_EQ(snapshot(temp.path()), before);
}

TEST(OutputFolder, RelativeNamesAndSlashes) {
  const TempFolder temp;
  const auto publish_as = [](const char* name) {
    auto output = OutputFolder::create(name);
    if (!output) return 1;
    write_run((*output)->partial(), name);
    return publish(**output) ? 0 : 2;
  };
  EXPECT_EQ(in_child(temp.path(), [&] { return publish_as("one"); }), 0);
  EXPECT_EQ(in_child(temp.path(), [&] { return publish_as("two/"); }), 0);
  EXPECT_EQ(in_child(temp.path(), [&] { return publish_as("./three//"); }), 0);
  EXPECT_EQ(in_child(temp.path(), [&] { return publish_as("two/../one/."); }), 0);
  fs::create_directory(temp.path() / "sub");
  EXPECT_EQ(in_child(temp.path() / "sub", [&] { return publish_as("../four"); }), 0);
  EXPECT_EQ(snapshot(temp.path() / "one"), run_files("two/../one/."));
  EXPECT_EQ(snapshot(temp.path() / "two"), run_files("two/"));
  EXPECT_EQ(snapshot(temp.path() / "three"), run_files("./three//"));
  EXPECT_EQ(snapshot(temp.path() / "four"), run_files("../four"));
}

TEST(OutputFolder, StaysWhereItWasWhenTheProgramMoves) {
  const TempFolder temp;
  fs::create_directory(temp.path() / "elsewhere");
  EXPECT_EQ(in_child(temp.path(),
                     [&] {
                       auto output = OutputFolder::create("out");
                       if (!output || ::chdir("elsewhere") != 0) return 1;
                       write_run((*output)->partial(), "new");
                       return publish(**output) ? 0 : 2;
                     }),
            0);
  EXPECT_EQ(snapshot(temp.path() / "out"), run_files("new"));
}

TEST(OutputFolder, ALinkStandsForItsFolder) {
  const TempFolder temp;
  const fs::path real = temp.path() / "disk" / "paper";
  const fs::path link = temp.path() / "link";
  write_run(real, "old");
  fs::create_directory_symlink(real, link);
  {
    const auto output = open(link);
    ASSERT_TRUE(output);
    EXPECT_EQ(output->partial_name(), temp.path() / "disk" / ".paper.partial");
    write_run(output->partial(), "new");
    EXPECT_TRUE(publish(*output));
  }
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(snapshot(real), run_files("new"));
}

TEST(OutputFolder, RefusesALinkToNothing) {
  const TempFolder temp;
  fs::create_directory_symlink(temp.path() / "gone", temp.path() / "link");
  EXPECT_THAT(refusal(temp.path() / "link"), HasSubstr("link to nothing"));
  EXPECT_THAT(refusal(temp.path() / "link" / "out"), HasSubstr("cannot be created"));
  EXPECT_FALSE(fs::exists(temp.path() / "gone"));
}

TEST(OutputFolder, ASecondRunIntoTheSameFolderIsRefused) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  const auto first = open(folder);
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

TEST(OutputFolder, SiblingsDoNotMeet) {
  const TempFolder temp;
  const auto one = open(temp.path() / "one");
  const auto two = open(temp.path() / "two");
  EXPECT_TRUE(one && two);
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
    const auto output = open(temp.path() / "out");
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

TEST(SwapFolders, ExchangesInOneStep) {
  const TempFolder temp;
  write_run(temp.path() / "fresh", "new");
  write_run(temp.path() / "folder", "old");
  const int error = exchange_folders(temp.path() / "fresh", temp.path() / "folder");
  if (error == EINVAL || error == ENOSYS || error == EOPNOTSUPP) GTEST_SKIP() << "not here";
  EXPECT_EQ(error, 0);
  EXPECT_EQ(snapshot(temp.path() / "folder"), run_files("new"));
  EXPECT_EQ(snapshot(temp.path() / "fresh"), run_files("old"));
}

TEST(SwapFolders, ReplacesWhereTheFileSystemCannotExchange) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "folder";
  write_run(temp.path() / "fresh", "new");
  write_run(folder, "old");
  EXPECT_EQ(replace_folder(temp.path() / "fresh", folder), 0);
  EXPECT_EQ(snapshot(folder / kPrevious), run_files("old"));
  fs::remove_all(folder / kPrevious);
  EXPECT_EQ(snapshot(folder), run_files("new"));
  EXPECT_FALSE(fs::exists(temp.path() / "fresh"));
}

TEST(SwapFolders, ChangesNothingWhereItFails) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "folder";
  write_run(folder, "old");
  EXPECT_EQ(replace_folder(temp.path() / "missing", folder), ENOENT);
  EXPECT_EQ(exchange_folders(temp.path() / "missing", folder), ENOENT);
  EXPECT_EQ(snapshot(folder), run_files("old"));
}

// The next run meets the folders that a crash between the two steps of replace_folder() leaves.
TEST(SwapFolders, TheNextRunRestoresWhatACrashTookAway) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "paper";
  const fs::path partial = temp.path() / ".paper.partial";
  write_run(partial, "new");
  write_run(partial / kPrevious, "old");
  {
    const auto output = open(folder);
    ASSERT_TRUE(output);
    EXPECT_EQ(snapshot(folder), run_files("new")) << "the new one was finished";
  }
  EXPECT_EQ(snapshot(folder), run_files("new"));
  EXPECT_FALSE(fs::exists(partial));
}

}  // namespace
}  // namespace sim
