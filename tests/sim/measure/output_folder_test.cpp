#include "sim/measure/results/output_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

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
using test::refusal;
using test::run_files;
using test::snapshot;
using test::TempFolder;
using test::write_file;
using test::write_run;
using testing::HasSubstr;

TEST(OutputFolder, IsWrittenAsideAndThenPutInPlace) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "a" / "b" / "paper";
  const auto output = open_output(folder);
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

TEST(OutputFolder, PublishesMoreFilesThanAreSyncedOneByOne) {
  const TempFolder temp;
  const auto output = open_output(temp.path() / "out");
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
    const auto output = open_output(folder);
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
    const auto output = open_output(folder);
    ASSERT_TRUE(output);
    write_file(output->partial() / "summary.csv", "x");
    EXPECT_FALSE(publish(*output));
  }
  EXPECT_TRUE(fs::is_empty(temp.path()));
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
    const auto output = open_output(link);
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

TEST(OutputFolder, SiblingsDoNotMeet) {
  const TempFolder temp;
  const auto one = open_output(temp.path() / "one");
  const auto two = open_output(temp.path() / "two");
  EXPECT_TRUE(one && two);
}

}  // namespace
}  // namespace sim
