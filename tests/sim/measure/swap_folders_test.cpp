#include "sim/measure/results/swap_folders.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>

#include "sim/measure/results/output_folder.h"
#include "tests/sim/measure/output_folder_support.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using test::open_output;
using test::run_files;
using test::snapshot;
using test::TempFolder;
using test::write_run;

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
    const auto output = open_output(folder);
    ASSERT_TRUE(output);
    EXPECT_EQ(snapshot(folder), run_files("new")) << "the new one was finished";
  }
  EXPECT_EQ(snapshot(folder), run_files("new"));
  EXPECT_FALSE(fs::exists(partial));
}

}  // namespace
}  // namespace sim
